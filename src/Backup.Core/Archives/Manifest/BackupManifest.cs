namespace Backup.Core.Archives.Manifest;

/// <summary>What a finished backup says of itself: the content of <c>manifest.json</c>, whose presence commits the backup.</summary>
/// <remarks>docs/format.md specifies the file. Sizes are in bytes, times in UTC.</remarks>
public sealed record BackupManifest
{
    /// <summary>The major version of the format that this library writes; a reader refuses a newer one.</summary>
    public const int CurrentMajorVersion = 1;

    /// <summary>The minor version: newer ones only add what an older reader may ignore.</summary>
    public const int CurrentMinorVersion = 2;

    /// <summary>The version, <c>major.minor</c>.</summary>
    public required string FormatVersion { get; init; }

    /// <summary>The backup's id, equal to the folder's name.</summary>
    public required BackupId Id { get; init; }

    /// <summary>The program and version that wrote the backup, such as <c>Backup.Core 0.1.0</c>.</summary>
    public required string WrittenBy { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the manifest was written.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>
    /// The parts in which the backup was made, in order; <see langword="null"/> when it was made in one go. What each holds is of a
    /// snapshot of its own; <see cref="DatabaseSection.SnapshotAt"/> is the last one's.
    /// </summary>
    public IReadOnlyList<PartRecord>? Parts { get; init; }

    /// <summary>The database side; <see langword="null"/> when the backup holds none.</summary>
    public DatabaseSection? Database { get; init; }

    /// <summary>The object storage side; <see langword="null"/> when the backup holds none.</summary>
    public StorageSection? Storage { get; init; }

    /// <summary>The zip files, in order.</summary>
    public required IReadOnlyList<VolumeRecord> Volumes { get; init; }

    /// <summary>The parts of the index, in order. Each part is sorted by path; parts overlap.</summary>
    public required IReadOnlyList<IndexPartRecord> IndexParts { get; init; }

    /// <summary>Sums over all entries.</summary>
    public required BackupTotals Totals { get; init; }

    /// <summary>
    /// Folders of pages that a later part read anew or that belong to no table any more, each ending in a slash: entries to be passed
    /// over. <see langword="null"/> where there are none.
    /// </summary>
    public IReadOnlyList<string>? Superseded { get; init; }

    /// <summary>What could not be backed up though the run went on; empty for a complete backup.</summary>
    public IReadOnlyList<FailureRecord> Failures { get; init; } = [];
}
