using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;
using Backup.Core.Archives.Resuming;
using Backup.Core.Archives.Zip;
using Backup.Core.Sinks;

namespace Backup.Core.Archives;

/// <summary>What a backup that is being written says of its entries: index, references, sums, and the checkpoints of a resumable run.</summary>
/// <remarks>Used by one caller at a time.</remarks>
internal sealed class ArchiveLedger
{
    private readonly BackupId _id;
    private readonly IReadOnlyDictionary<BackupId, string> _referable;
    private readonly IndexWriter _index;
    private readonly ReferenceWriter _references;
    private readonly ArchiveTotals _totals;
    private readonly CheckpointWriter? _checkpoints;
    private readonly bool _isResumed;
    private bool _isClosing;

    /// <summary>Creates a ledger.</summary>
    /// <param name="sink">Where the backup goes.</param>
    /// <param name="id">The backup.</param>
    /// <param name="published">Takes note of what becomes visible.</param>
    /// <param name="options">How the backup is written.</param>
    /// <param name="numbers">Gives each part of the index its number.</param>
    /// <param name="resumed">What earlier parts of the run left; <see langword="null"/> for a new run.</param>
    /// <exception cref="ArgumentException">What was left is of another run, or this run writes no checkpoints.</exception>
    public ArchiveLedger(
        IBackupSink sink, BackupId id, PublishedFiles published, ArchiveWriterOptions options, ArchiveNumbers numbers, ResumeState? resumed)
    {
        _id = id;
        _referable = options.Referable;
        _index = new IndexWriter(published, resumed?.IndexParts ?? [], numbers, options.CollectedBytes, options.PackedBytes);
        _references = new ReferenceWriter(published, resumed?.ReferenceParts ?? [], options.CollectedBytes);
        if (options is { Checkpoints: { } content, Header: { } header })
        {
            _checkpoints = new CheckpointWriter(sink, id, published, header, content, options.TimeProvider)
            {
                Count = resumed?.Checkpoints ?? 0,
            };
        }

        if (resumed is not null && (resumed.Id != id || options.Header?.Fingerprint != resumed.Fingerprint || _checkpoints is null
            || !resumed.References.Backups.All(_referable.ContainsKey)))
        {
            throw new ArgumentException($"What run {resumed.Id} left is not of this run, or this run writes no checkpoints.", nameof(resumed));
        }

        _totals = new ArchiveTotals(resumed, IsResumable);
        _isResumed = resumed is not null;
    }

    /// <summary>Whether the run writes checkpoints.</summary>
    public bool IsResumable => _checkpoints is not null;

    /// <summary>Whether this part has kept anything that a later one need not read again.</summary>
    public bool HasKept => _checkpoints is { HasKept: true };

    /// <summary>Whether there is something durable that a later part of the run can go on from.</summary>
    public bool CanBeResumed => IsResumable && (_isResumed || HasKept);

    /// <summary>Whether the part's last checkpoint is still to come.</summary>
    public bool AwaitsLastCheckpoint => IsResumable && !_isClosing;

    /// <summary>Whether so much of the index waits for the open volume that it should be closed.</summary>
    public bool IsFull => _index.IsFull;

    /// <summary>The size of all closed volumes, in bytes.</summary>
    public long StoredBytes => _totals.StoredBytes;

    /// <summary>Whether there are backups whose entries may be referenced.</summary>
    public bool MayReference => _referable.Count > 0;

    /// <summary>The backups that hold entries of this one so far, sorted.</summary>
    public IReadOnlyList<ReferenceRecord> References => _totals.References.ToRecords(_referable);

    /// <summary>Throws unless an entry can be referenced.</summary>
    /// <param name="entry">The entry.</param>
    /// <exception cref="ArgumentException">It lies in none of the backups that may be referenced, a path is none, or its line is too long.</exception>
    public void ThrowUnlessReferable(IndexEntry entry)
    {
        if (entry.Backup is not { } backup || backup == _id || !_referable.ContainsKey(backup) || !EntryPaths.IsValid(entry.Path)
            || (entry.EntryPath is { } path && (path == entry.Path || !EntryPaths.IsValid(path))) || !IndexLineSize.Fits(entry))
        {
            throw new ArgumentException(
                $"'{entry.Path}' of backup {entry.Backup} cannot be referenced, or what is to be said of it does not fit into a line.", nameof(entry));
        }
    }

    /// <summary>Takes note of an entry that was written.</summary>
    /// <param name="header">The entry.</param>
    /// <param name="content">What its raw bytes are.</param>
    /// <param name="written">Where it lies in the volume.</param>
    /// <param name="volume">The volume's number.</param>
    /// <param name="cancellationToken">Cancels the packing of a full part of the index.</param>
    public ValueTask AddAsync(
        in EntryHeader header, in EntryContent content, in ZipEntryFacts written, int volume, CancellationToken cancellationToken)
    {
        _totals.Add(header, content.RawBytes);
        return _index.AddAsync(
            new IndexEntry
            {
                Path = header.Path,
                Name = header.Name,
                Volume = volume,
                Offset = written.Offset,
                Method = header.Method,
                RawBytes = content.RawBytes,
                StoredBytes = written.StoredBytes,
                Crc32 = content.Crc32,
                Digest = content.Digest,
                Object = header.Object,
            },
            cancellationToken);
    }

    /// <summary>Takes note of an entry that another backup holds.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Cancels the publication of a full part of the references.</param>
    /// <returns>Whether the volume should be closed for a checkpoint: many entries were referenced since the last one.</returns>
    public async ValueTask<bool> AddReferenceAsync(IndexEntry entry, CancellationToken cancellationToken)
    {
        _totals.AddReference(entry);
        await _references.AddAsync(entry, cancellationToken).ConfigureAwait(false);
        return AwaitsLastCheckpoint && _references.Untaken >= ArchiveLimits.MaxEntriesPerIndexPart;
    }

    /// <summary>Takes note of what another writer of the same backup has made durable.</summary>
    /// <param name="contents">Its volumes and their index.</param>
    public void Add(ArchiveContents contents) => _totals.Add(contents);

    /// <summary>Takes note that the open volume was closed, if there was one, and writes what has to follow it.</summary>
    /// <param name="volume">The volume, which is durable; <see langword="null"/> for none.</param>
    /// <param name="number">Its number.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask CloseVolumeAsync(VolumeRecord? volume, int number, CancellationToken cancellationToken)
    {
        IReadOnlyList<IndexPartRecord> parts = [];
        if (volume is not null)
        {
            _totals.Add(volume);

            // After the volume: a durable part of the index only names durable volumes.
            parts = await _index.PublishAsync(number, cancellationToken).ConfigureAwait(false);
        }

        if (_checkpoints is not { } checkpoints || _isClosing)
        {
            return;
        }

        // What the checkpoint says of tables and objects counts on references that were added until now.
        await _references.PublishAsync(cancellationToken).ConfigureAwait(false);
        var references = _references.TakePublished();
        if (volume is not null || references.Count > 0)
        {
            await checkpoints.WriteAsync(volume, parts, references, _totals.HasObjects, cancellationToken).ConfigureAwait(false);
            _totals.BeginCheckpoint();
        }
    }

    /// <summary>Writes the last checkpoint of the part, after the last volume that it keeps was closed. What follows gets none.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask WriteLastCheckpointAsync(CancellationToken cancellationToken)
    {
        if (_checkpoints is { } checkpoints)
        {
            await checkpoints.WriteAsync(null, [], [], hasObjects: false, cancellationToken).ConfigureAwait(false);
            _isClosing = true;
        }
    }

    /// <summary>Makes the rest durable.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What the backup holds, for its manifest.</returns>
    public async ValueTask<ArchiveContents> CompleteAsync(CancellationToken cancellationToken)
    {
        await _references.PublishAsync(cancellationToken).ConfigureAwait(false);
        return _totals.ToContents(_index.Published, _references.Published, _referable);
    }

    /// <summary>Deletes the checkpoints of a backup that is committed: they serve nobody any more. Never throws.</summary>
    /// <returns>Those that stayed, and why; <see langword="null"/> when none has.</returns>
    public async ValueTask<LeftFiles?> DeleteCheckpointsAsync() =>
        _checkpoints is null ? null : await _checkpoints.DeleteAsync().ConfigureAwait(false);
}
