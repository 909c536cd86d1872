using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Resuming;
using Backup.Core.Archives.Zip;
using Backup.Core.Sinks;

namespace Backup.Core.Archives;

/// <summary>
/// Writes one backup: entries into volumes that roll, their index, references to what other backups hold, and last the manifest that
/// commits it. Each volume is durable before the parts of the index that name it, both and the references before the checkpoint of a
/// resumable run, and all of them before the manifest.
/// </summary>
/// <remarks>
/// Used by one caller at a time. Disposing it before <see cref="CommitAsync"/> has succeeded aborts the file being written and
/// deletes what this run published and no checkpoint keeps. After a failed call only disposal makes sense.
/// </remarks>
internal sealed class ArchiveWriter : IAsyncDisposable
{
    private readonly BackupId _id;
    private readonly RunLease? _lease;
    private readonly VolumeSeries _volumes;
    private readonly ArchiveLedger _ledger;

    // Everything whose publication was at least begun and that is not known to be another run's, in that order: what an abort deletes.
    private readonly PublishedFiles _published;

    private EntryHeader _open;
    private ArchiveContents? _contents;

    // Set while a call is under way, and for good once one failed: then the open volume cannot be closed any more.
    private bool _isWriting;
    private bool _isCommitted;

    /// <summary>Prepares a backup; nothing is written before the first entry.</summary>
    /// <param name="sink">Where to.</param>
    /// <param name="id">The backup's id, which also dates all entries.</param>
    /// <param name="options">How to divide it into volumes, and whether it can be taken up again.</param>
    /// <param name="resumed">What earlier parts of the run left; <see langword="null"/> for a new run.</param>
    /// <exception cref="ArgumentException">The id is none, an option is out of its range, or what was left is of another run.</exception>
    public ArchiveWriter(IBackupSink sink, BackupId id, ArchiveWriterOptions options, ResumeState? resumed = null)
    {
        options.ThrowIfInvalid();
        if (!BackupId.TryParse(id.Value, out _))
        {
            throw new ArgumentException($"'{id.Value}' is no backup id.", nameof(id));
        }

        _id = id;
        _lease = options.Lease;
        _published = new PublishedFiles(sink, id, options.Lease);
        Numbers = options.Numbers ?? new CountedNumbers(resumed?.Volumes.Count ?? 0, resumed?.IndexParts.Count ?? 0);
        _ledger = new ArchiveLedger(sink, id, _published, options, Numbers, resumed);
        FirstVolume = resumed is null ? 1 : resumed.Volumes.Count + 1;
        _volumes = new VolumeSeries(sink, id, _published, options, Numbers);
    }

    /// <summary>The number of the first volume that this part of the run writes.</summary>
    public int FirstVolume { get; }

    /// <summary>Gives the files of the backup their numbers: this writer's, and those of others that write for it.</summary>
    public ArchiveNumbers Numbers { get; }

    /// <summary>The size of all volumes so far, in bytes.</summary>
    public long StoredBytes => _ledger.StoredBytes + _volumes.Position;

    /// <summary>Whether the backup may come to reference others.</summary>
    public bool MayReference => _ledger.MayReference;

    /// <summary>The backups that hold entries of this one so far, sorted.</summary>
    public IReadOnlyList<ReferenceRecord> References => _ledger.References;

    /// <summary>Whether there is something durable that a later part of the run can go on from.</summary>
    public bool CanBeResumed => _ledger.CanBeResumed;

    /// <summary>What disposal had to leave behind; <see langword="null"/> when it deleted all that was to be deleted.</summary>
    public LeftFiles? Left { get; private set; }

    /// <summary>Appends an entry whose packed bytes are all there.</summary>
    /// <param name="header">Its path, true name and method.</param>
    /// <param name="content">What its raw bytes are.</param>
    /// <param name="packed">Its packed bytes, in order; free again when the call returns.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async ValueTask AppendAsync(
        EntryHeader header, EntryContent content, IReadOnlyList<ReadOnlyMemory<byte>> packed, CancellationToken cancellationToken)
    {
        EntryHeader.ThrowIfInvalid(header);
        var storedBytes = packed.Sum(block => (long)block.Length);
        _isWriting = true;
        var volume = await VolumeForAsync(header.Path, storedBytes, storedBytes, cancellationToken).ConfigureAwait(false);
        var entry = await volume.AppendAsync(header, content, packed, cancellationToken).ConfigureAwait(false);
        await _ledger.AddAsync(header, content, entry, _volumes.Number, cancellationToken).ConfigureAwait(false);
        _isWriting = false;
    }

    /// <summary>Begins an entry whose sizes are known only at its end.</summary>
    /// <param name="header">Its path, true name and method.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async ValueTask BeginAsync(EntryHeader header, CancellationToken cancellationToken)
    {
        EntryHeader.ThrowIfInvalid(header);
        _isWriting = true;
        var volume = await VolumeForAsync(header.Path, 0, _volumes.StreamReserveBytes, cancellationToken).ConfigureAwait(false);
        await volume.BeginAsync(header, cancellationToken).ConfigureAwait(false);
        _open = header;
        _isWriting = false;
    }

    /// <summary>Begins an entry whose sizes are known and whose packed bytes come one after another.</summary>
    /// <param name="header">Its path, true name and method.</param>
    /// <param name="content">What its raw bytes are; <see cref="EndAsync"/> says the same.</param>
    /// <param name="storedBytes">Its packed size in bytes.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async ValueTask BeginSizedAsync(EntryHeader header, EntryContent content, long storedBytes, CancellationToken cancellationToken)
    {
        EntryHeader.ThrowIfInvalid(header);
        _isWriting = true;
        var volume = await VolumeForAsync(header.Path, storedBytes, storedBytes, cancellationToken).ConfigureAwait(false);
        await volume.BeginAsync(header, content, storedBytes, cancellationToken).ConfigureAwait(false);
        _open = header;
        _isWriting = false;
    }

    /// <summary>Appends packed bytes to the entry that was begun.</summary>
    /// <param name="packed">The bytes; free again when the call returns.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> packed, CancellationToken cancellationToken)
    {
        _isWriting = true;
        await _volumes.Open.WriteAsync(packed, cancellationToken).ConfigureAwait(false);
        _isWriting = false;
    }

    /// <summary>Ends the entry that was begun.</summary>
    /// <param name="content">What its raw bytes were.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async ValueTask EndAsync(EntryContent content, CancellationToken cancellationToken)
    {
        _isWriting = true;
        var entry = await _volumes.Open.EndAsync(content, cancellationToken).ConfigureAwait(false);
        await _ledger.AddAsync(_open, content, entry, _volumes.Number, cancellationToken).ConfigureAwait(false);
        _isWriting = false;
    }

    /// <summary>Gives the entry that was begun up: its bytes stay in the volume as dead bytes that nothing names.</summary>
    public void Abandon() => _volumes.Open.Abandon();

    /// <summary>
    /// Adds an entry whose bytes another backup holds; nothing of it is stored here. Not between <see cref="BeginAsync"/> and the end of
    /// that entry. In a resumable run the volume is closed when 16,384 entries were referenced since the last checkpoint, so that one names both.
    /// </summary>
    /// <param name="entry">
    /// The entry as that backup's index has it, with <see cref="IndexEntry.Backup"/>, and with its path, name and object of this backup.
    /// </param>
    /// <param name="cancellationToken">Cancels the write.</param>
    /// <exception cref="ArgumentException">
    /// The backup is none of <see cref="ArchiveWriterOptions.Referable"/>, a path is none, or its line would be too long.
    /// </exception>
    public async ValueTask AddReferenceAsync(IndexEntry entry, CancellationToken cancellationToken)
    {
        ThrowIfComplete();
        _ledger.ThrowUnlessReferable(entry);
        if (_volumes.IsEntryOpen)
        {
            throw new InvalidOperationException("An entry is open.");
        }

        _isWriting = true;
        if (await _ledger.AddReferenceAsync(entry, cancellationToken).ConfigureAwait(false))
        {
            await CloseVolumeAsync(cancellationToken).ConfigureAwait(false);
        }

        _isWriting = false;
    }

    /// <summary>
    /// Closes the open volume of a resumable run and writes its last checkpoint: what follows is written anew by every part, last
    /// of all, into volumes of its own. Does nothing in other runs.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask BeginClosingVolumeAsync(CancellationToken cancellationToken)
    {
        ThrowIfComplete();
        if (_ledger.AwaitsLastCheckpoint)
        {
            _isWriting = true;
            await CloseVolumeAsync(cancellationToken).ConfigureAwait(false);
            await _ledger.WriteLastCheckpointAsync(cancellationToken).ConfigureAwait(false);
            _isWriting = false;
        }
    }

    /// <summary>
    /// Ends this part of a resumable run: gives up an entry that is open, closes the volume and writes a checkpoint. Disposal then
    /// deletes only what no checkpoint keeps. May follow a call that failed or was cancelled while it wrote; then the volume that it
    /// wrote to is lost.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>
    /// Whether the part has kept anything that the next one need not read again; if not, disposal takes all of the part back.
    /// </returns>
    /// <exception cref="InvalidOperationException">The run is not resumable.</exception>
    public async ValueTask<bool> SuspendAsync(CancellationToken cancellationToken)
    {
        ThrowIfComplete();
        if (!_ledger.IsResumable)
        {
            throw new InvalidOperationException("The run is not resumable.");
        }

        if (!_isWriting)
        {
            if (_volumes.IsEntryOpen)
            {
                _volumes.Open.Abandon();
            }

            await BeginClosingVolumeAsync(cancellationToken).ConfigureAwait(false);
        }

        return _ledger.HasKept;
    }

    /// <summary>Takes in what another writer of the same backup has made durable under numbers of <see cref="Numbers"/>.</summary>
    /// <param name="contents">Its volumes and their index, which disposal before the commit deletes from now on.</param>
    public void Adopt(ArchiveContents contents)
    {
        ThrowIfComplete();
        _published.Add(contents.Volumes.Select(volume => volume.Name).Concat(contents.IndexParts.Select(part => part.Name)));
        _ledger.Add(contents);
    }

    /// <summary>Closes the last volume, its index and the references.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What the backup holds, for its manifest.</returns>
    public async ValueTask<ArchiveContents> CompleteAsync(CancellationToken cancellationToken)
    {
        ThrowIfComplete();
        await CloseVolumeAsync(cancellationToken).ConfigureAwait(false);
        _contents = await _ledger.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return _contents;
    }

    /// <summary>Leaves what <see cref="CompleteAsync"/> has made durable to the writer that takes it in.</summary>
    public void HandOver()
    {
        if (_contents is null)
        {
            throw new InvalidOperationException("The archive is not complete.");
        }

        _published.Keep();
    }

    /// <summary>Writes the manifest: from here on the backup exists.</summary>
    /// <param name="manifest">The manifest, with the volumes and index parts that <see cref="CompleteAsync"/> gave.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">The manifest is of another backup, or breaks a rule of the format.</exception>
    public async ValueTask CommitAsync(BackupManifest manifest, CancellationToken cancellationToken)
    {
        if (_contents is not { } contents || _isCommitted)
        {
            throw new InvalidOperationException("The archive is not complete, or is committed already.");
        }

        contents.ThrowUnlessOf(_id, manifest);
        if (_lease is { } lease)
        {
            await lease.ConfirmAsync(cancellationToken).ConfigureAwait(false);
        }

        await _published.WriteAsync(ArchiveNames.Manifest, ManifestFile.Serialize(manifest), cancellationToken).ConfigureAwait(false);
        _isCommitted = true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _volumes.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            Left = _isCommitted
                ? await _ledger.DeleteCheckpointsAsync().ConfigureAwait(false)
                : await _published.DeleteAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<ZipVolumeWriter> VolumeForAsync(
        string path, long storedBytes, long reservedBytes, CancellationToken cancellationToken)
    {
        ThrowIfComplete();
        if (_volumes.MustCloseFor(path, storedBytes, reservedBytes) || (_volumes.HasEntries && _ledger.IsFull))
        {
            await CloseVolumeAsync(cancellationToken).ConfigureAwait(false);
        }

        return await _volumes.OpenAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask CloseVolumeAsync(CancellationToken cancellationToken)
    {
        var number = _volumes.Number;
        var volume = await _volumes.CloseAsync(cancellationToken).ConfigureAwait(false);
        await _ledger.CloseVolumeAsync(volume, number, cancellationToken).ConfigureAwait(false);
    }

    private void ThrowIfComplete()
    {
        if (_contents is not null)
        {
            throw new InvalidOperationException("The archive is complete.");
        }
    }
}
