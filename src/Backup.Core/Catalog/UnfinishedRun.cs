using Backup.Core.Archives;

namespace Backup.Core.Catalog;

/// <summary>A run that has not finished: what lies in a sink below a backup's id without a manifest.</summary>
public sealed record UnfinishedRun
{
    /// <summary>The id that the backup would have, and by which it is taken up again.</summary>
    public required BackupId Id { get; init; }

    /// <summary>What can become of it.</summary>
    public required UnfinishedRunState State { get; init; }

    /// <summary>The part that wrote last, from 1; 0 where nothing is kept to go on from, or what is kept is damaged.</summary>
    public int Part { get; init; }

    /// <summary>When something was last kept; <see langword="null"/> where nothing is.</summary>
    public DateTimeOffset? KeptAt { get; init; }

    /// <summary>The number of durable volumes.</summary>
    public required int Volumes { get; init; }

    /// <summary>The size of all its files, in bytes.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>Who writes it, as host, process and a random number; <see langword="null"/> when nobody does.</summary>
    public string? Owner { get; init; }

    /// <summary>The names of its files inside the folder.</summary>
    internal IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Since when nothing has become of it, as far as is known.</summary>
    internal DateTimeOffset IdleSince => KeptAt ?? Id.StartedAt;
}
