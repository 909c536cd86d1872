using Backup.Core.Archives.Resuming;

namespace Backup.Core.Archives;

/// <summary>How an <see cref="ArchiveWriter"/> divides a backup into volumes.</summary>
internal sealed record ArchiveWriterOptions
{
    /// <summary>Few enough that no volume needs zip64 for their number and that the directory in memory stays below 10 MB.</summary>
    public const int DefaultMaxEntriesPerVolume = 65_000;

    /// <summary>Enough for full parts of the index, unless objects have much metadata: 24 MiB.</summary>
    public const long DefaultIndexBytes = 24L * 1024 * 1024;

    /// <summary>
    /// The size of a volume in bytes, at least 1; <see langword="null"/> is no limit. A volume is closed before the entry that
    /// would take it over. Only an entry that is larger by itself, or whose size is not known when it begins, makes a larger volume.
    /// Apart from this, a volume is closed where the next entry might not fit into the largest object that the sink takes.
    /// </summary>
    public long? VolumeBytes { get; init; }

    /// <summary>The most entries of one volume, from 1 to <see cref="ArchiveLimits.MaxEntriesPerVolume"/>.</summary>
    /// <value><see cref="DefaultMaxEntriesPerVolume"/>.</value>
    public int MaxEntriesPerVolume { get; init; } = DefaultMaxEntriesPerVolume;

    /// <summary>
    /// The memory, in bytes, that the index of the volume being written takes at the most, from 1: a third of it for the entries of the part
    /// that is being collected, the rest for parts that wait, packed, until the volume is closed. That is done when they reach it. Where
    /// there is anything to reference, the references take a quarter of it and so do the entries.
    /// </summary>
    /// <value><see cref="DefaultIndexBytes"/>.</value>
    public long IndexBytes { get; init; } = DefaultIndexBytes;

    /// <summary>
    /// The backups whose entries <see cref="ArchiveWriter.AddReferenceAsync"/> takes, with the digest of each one's manifest; none for a
    /// backup that holds all its bytes itself. See <see cref="Referencing.ReferableBackups"/>.
    /// </summary>
    public IReadOnlyDictionary<BackupId, string> Referable { get; init; } = new Dictionary<BackupId, string>();

    /// <summary>The size or offset from which a field moves to its zip64 extension; lowered by tests only.</summary>
    public long Zip64Limit { get; init; } = uint.MaxValue;

    /// <summary>
    /// What the run adds to each checkpoint, asked after a volume has become durable, within the call that made it so: all that lies
    /// in entries whose calls have returned, and only what it was not asked for before. Set together with <see cref="Header"/>: then the run is resumable.
    /// </summary>
    public Func<CancellationToken, ValueTask<CheckpointContent>>? Checkpoints { get; init; }

    /// <summary>What each checkpoint says of this part of the run; <see langword="null"/> for a run that is not resumable.</summary>
    public RunHeader? Header { get; init; }

    /// <summary>The run's lease, without which nothing is published; <see langword="null"/> for none.</summary>
    public RunLease? Lease { get; init; }

    /// <summary>Where the numbers of volumes and of parts of the index come from.</summary>
    /// <value><see langword="null"/> by default: the writer counts them itself.</value>
    public ArchiveNumbers? Numbers { get; init; }

    /// <summary>The clock that dates checkpoints.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How much of <see cref="IndexBytes"/> the entries of a part take that is being collected, in bytes.</summary>
    public long CollectedBytes => IndexBytes / (Referable.Count == 0 ? 3 : 4);

    /// <summary>How much of <see cref="IndexBytes"/> the parts take that wait for their volume, in bytes.</summary>
    public long PackedBytes => IndexBytes - (CollectedBytes * (Referable.Count == 0 ? 1 : 2));

    /// <summary>Checks the ranges of all options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range.</exception>
    public void ThrowIfInvalid()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(VolumeBytes ?? 1, 1, nameof(VolumeBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(IndexBytes, 1, nameof(IndexBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxEntriesPerVolume, 1, nameof(MaxEntriesPerVolume));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxEntriesPerVolume, ArchiveLimits.MaxEntriesPerVolume, nameof(MaxEntriesPerVolume));
    }
}
