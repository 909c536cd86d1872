using System.Text.Json.Serialization;

namespace Backup.Core.Archives.Manifest;

/// <summary>What a finished backup says of itself: the content of <c>manifest.json</c>, whose presence commits the backup.</summary>
/// <remarks>docs/format.md specifies the file. Sizes are in bytes, times in UTC.</remarks>
public sealed record BackupManifest
{
    /// <summary>
    /// The newest major version of the format that this library reads and writes; a reader refuses a newer one. A backup that references
    /// no other one is written in major version 1.
    /// </summary>
    public const int CurrentMajorVersion = 2;

    /// <summary>The minor version of that: newer ones only add what an older reader may ignore.</summary>
    public const int CurrentMinorVersion = 1;

    /// <summary>The version, <c>major.minor</c>.</summary>
    public required string FormatVersion { get; init; }

    /// <summary>The backup's id, equal to the folder's name.</summary>
    public required BackupId Id { get; init; }

    /// <summary>How the backup came to hold what it holds.</summary>
    /// <value><see cref="BackupKind.Full"/> by default.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public BackupKind Kind { get; init; }

    /// <summary>The backup that an incremental one was compared with; <see langword="null"/> for all others.</summary>
    public BackupId? Parent { get; init; }

    /// <summary>How many backups an incremental one was made upon, one after another: its parent's and 1.</summary>
    /// <value>0 by default: for a backup that is not incremental.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Chain { get; init; }

    /// <summary>The backups that a merged one was put together from, sorted; <see langword="null"/> for all others.</summary>
    public IReadOnlyList<BackupId>? MergedFrom { get; init; }

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

    /// <summary>The zip files, in order. The name of each says its number.</summary>
    public required IReadOnlyList<VolumeRecord> Volumes { get; init; }

    /// <summary>The parts of the index, in order. Each part is sorted by path; parts overlap.</summary>
    public required IReadOnlyList<IndexPartRecord> IndexParts { get; init; }

    /// <summary>
    /// The parts of the references, in order: entries whose bytes lie in other backups. Each part is sorted by path; parts overlap, with
    /// those of the index too. <see langword="null"/> where all bytes lie in this backup.
    /// </summary>
    public IReadOnlyList<ReferencePartRecord>? ReferenceParts { get; init; }

    /// <summary>The backups that hold those bytes, sorted by their ids; <see langword="null"/> where there are none.</summary>
    public IReadOnlyList<ReferenceRecord>? References { get; init; }

    /// <summary>Sums over all entries.</summary>
    public required BackupTotals Totals { get; init; }

    /// <summary>
    /// Folders of pages that a later part read anew or that belong to no table any more, each ending in a slash: entries to be passed
    /// over. <see langword="null"/> where there are none.
    /// </summary>
    public IReadOnlyList<string>? Superseded { get; init; }

    /// <summary>What could not be backed up though the run went on; empty for a complete backup.</summary>
    public IReadOnlyList<FailureRecord> Failures { get; init; } = [];

    /// <summary>
    /// The digest that the file ends with, <c>sha256:</c> and 64 lower-case hex digits; <see langword="null"/> in a manifest that was not
    /// read from a file.
    /// </summary>
    public string? Digest { get; init; }
}
