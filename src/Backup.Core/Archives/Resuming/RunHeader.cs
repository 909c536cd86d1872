namespace Backup.Core.Archives.Resuming;

/// <summary>What every checkpoint says of the part of a run that writes it.</summary>
internal sealed record RunHeader
{
    /// <summary>What the run backs up, as a digest: only a request that gives the same one may take the run up again.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The number of the part, from 1: how often the run was begun or taken up.</summary>
    public required int Part { get; init; }

    /// <summary>When the part began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The backup that the run builds on; <see langword="null"/> where it makes a full one.</summary>
    public BackupId? Parent { get; init; }

    /// <summary>That backup and all that it references: what nobody may remove as long as the run can be taken up again.</summary>
    public IReadOnlyList<BackupId>? Needs { get; init; }

    /// <summary>When the part's snapshot was taken, by the server's clock; <see langword="null"/> without a database.</summary>
    public DateTimeOffset? SnapshotAt { get; init; }

    /// <summary>The write-ahead log position of the part's snapshot; <see langword="null"/> where it is not known.</summary>
    public string? SnapshotLsn { get; init; }
}
