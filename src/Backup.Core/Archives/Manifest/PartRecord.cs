namespace Backup.Core.Archives.Manifest;

/// <summary>One part of a backup that was made in several: what one invocation read, of one snapshot of its own.</summary>
public sealed record PartRecord
{
    /// <summary>The part's number, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it last made something durable.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>When its snapshot was taken, by the server's clock; <see langword="null"/> without a database.</summary>
    public DateTimeOffset? SnapshotAt { get; init; }

    /// <summary>The write-ahead log position of its snapshot; <see langword="null"/> where it is not known.</summary>
    public string? SnapshotLsn { get; init; }

    /// <summary>
    /// The number of its first volume. Its volumes end before the next part's first; a part that only found tables complete has none,
    /// and gives the same number as the next one.
    /// </summary>
    public required int FirstVolume { get; init; }
}
