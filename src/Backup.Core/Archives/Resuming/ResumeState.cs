using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Archives.Resuming;

/// <summary>What the earlier parts of a run have left to go on from.</summary>
/// <remarks>Memory grows with the number of tables and volumes, not with that of pages or objects that are complete.</remarks>
internal sealed class ResumeState
{
    /// <summary>The backup.</summary>
    public required BackupId Id { get; init; }

    /// <summary>What the run backs up, as a digest.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The backup that the run builds on; <see langword="null"/> where it makes a full one.</summary>
    public BackupId? Parent { get; init; }

    /// <summary>The parts so far, in order: at least one.</summary>
    public required IReadOnlyList<PartRecord> Parts { get; init; }

    /// <summary>How many checkpoints there are.</summary>
    public required int Checkpoints { get; init; }

    /// <summary>The durable volumes, in order.</summary>
    public required IReadOnlyList<VolumeRecord> Volumes { get; init; }

    /// <summary>Their index, in order.</summary>
    public required IReadOnlyList<IndexPartRecord> IndexParts { get; init; }

    /// <summary>The parts of the references, in order.</summary>
    public required IReadOnlyList<ReferencePartRecord> ReferenceParts { get; init; }

    /// <summary>What those reference.</summary>
    public required ReferenceTotals References { get; init; }

    /// <summary>The tables that became complete, the newest record of each name.</summary>
    public required IReadOnlyList<CheckpointTable> Tables { get; init; }

    /// <summary>
    /// The pages of tables that did not, all of a table together in the order of their numbers; of a table that was begun anew
    /// only the newest folder.
    /// </summary>
    public required IReadOnlyList<CheckpointPages> Pages { get; init; }

    /// <summary>The stored objects, to ask for one of them.</summary>
    public required StoredObjectLookup Objects { get; init; }

    /// <summary>The paths of the stored objects: gives those of this part, so that no two are one.</summary>
    public required ObjectPaths ObjectPaths { get; init; }

    /// <summary>What is stored of each bucket, by its id.</summary>
    public required IReadOnlyDictionary<string, StoredBucket> Buckets { get; init; }

    /// <summary>The folders below <c>database/data/</c> that hold pages, each ending in a slash.</summary>
    public required IReadOnlySet<string> PageFolders { get; init; }

    /// <summary>How many pages lie in each of these folders: more than <see cref="Pages"/> says where the last checkpoint could not tell of them.</summary>
    public required IReadOnlyDictionary<string, int> PageCounts { get; init; }

    /// <summary>The raw size of all entries, those that other backups hold among them, in bytes.</summary>
    public required long RawBytes { get; init; }

    /// <summary>The number of the part that takes the run up.</summary>
    public int NextPart => Parts.Count + 1;

    /// <summary>
    /// Reads what a run left, and deletes what it left unfinished: volumes and parts of the index that no checkpoint names. The caller
    /// holds the run's <see cref="RunLease"/>.
    /// </summary>
    /// <param name="sink">Where the backup lies.</param>
    /// <param name="id">The backup.</param>
    /// <param name="timeProvider">The run's clock.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ResumeException">There is no such run, it is finished, it was no resumable one, or a volume of it is gone.</exception>
    /// <exception cref="ArchiveFormatException">A checkpoint or the index is damaged.</exception>
    /// <exception cref="UnsupportedFormatVersionException">A newer version of the library began the run.</exception>
    /// <exception cref="SinkException">The sink cannot be read, or refuses to delete.</exception>
    public static Task<ResumeState> ReadAsync(
        IBackupSink sink, BackupId id, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        new ResumeReader(sink, id, timeProvider).ReadAsync(cancellationToken);
}
