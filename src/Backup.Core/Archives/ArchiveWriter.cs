using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Resuming;
using Backup.Core.Archives.Zip;
using Backup.Core.Sinks;

namespace Backup.Core.Archives;

/// <summary>
/// Writes one backup: entries into volumes that roll, their index, and last the manifest that commits it. Each volume is durable
/// before the parts of the index that name it, both before the checkpoint of a resumable run, and all of them before the manifest.
/// </summary>
/// <remarks>
/// Used by one caller at a time. Disposing it before <see cref="CommitAsync"/> has succeeded aborts the file being written and
/// deletes what this run published and no checkpoint keeps. After a failed call only disposal makes sense.
/// </remarks>
internal sealed class ArchiveWriter : IAsyncDisposable
{
    // How much room an entry of unknown size finds at the least in an object whose size is limited: half of it, or this.
    private const long MaxStreamReserveBytes = 1024 * 1024 * 1024;

    private readonly IBackupSink _sink;
    private readonly BackupId _id;
    private readonly ArchiveWriterOptions _options;
    private readonly long? _maxObjectBytes;
    private readonly long _streamReserveBytes;
    private readonly ZipTime _time;
    private readonly IndexWriter _index;
    private readonly ArchiveTotals _totals;

    // Everything whose publication was at least begun and that is not known to be another run's, in that order: what an abort deletes.
    private readonly PublishedFiles _published;
    private readonly CheckpointWriter? _checkpoints;
    private readonly bool _isResumed;

    private SinkOutput? _output;
    private ZipVolumeWriter? _volume;
    private EntryHeader _open;
    private ArchiveContents? _contents;

    // Set while a call is under way, and for good once one failed: then the open volume cannot be closed any more.
    private bool _isWriting;
    private bool _isClosing;
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

        _sink = sink;
        _id = id;
        _options = options;
        _maxObjectBytes = sink.Capabilities.MaxObjectBytes;
        _streamReserveBytes = Math.Min((_maxObjectBytes ?? 0) / 2, MaxStreamReserveBytes);
        _time = ZipTime.From(id.StartedAt);
        _published = new PublishedFiles(sink, id, options.Lease);
        _index = new IndexWriter(sink, id, _published, resumed?.IndexParts ?? [], options.IndexBytes);
        if (options is { Checkpoints: { } content, Header: { } header })
        {
            _checkpoints = new CheckpointWriter(sink, id, _published, header, content, options.TimeProvider)
            {
                Count = resumed?.Checkpoints ?? 0,
            };
        }

        if (resumed is not null && (resumed.Id != id || options.Header?.Fingerprint != resumed.Fingerprint || _checkpoints is null))
        {
            throw new ArgumentException($"What run {resumed.Id} left is not of this run, or this run writes no checkpoints.", nameof(resumed));
        }

        _totals = new ArchiveTotals(resumed, _checkpoints is not null);
        FirstVolume = _totals.NextVolume;
        _isResumed = resumed is not null;
    }

    /// <summary>The number of the first volume that this part of the run writes.</summary>
    public int FirstVolume { get; }

    /// <summary>The size of all volumes so far, in bytes.</summary>
    public long StoredBytes => _totals.StoredBytes + (_volume?.Position ?? 0);

    /// <summary>Whether there is something durable that a later part of the run can go on from.</summary>
    public bool CanBeResumed => _checkpoints is { } checkpoints && (_isResumed || checkpoints.HasKept);

    /// <summary>What disposal had to leave behind; <see langword="null"/> when it deleted all that was to be deleted.</summary>
    public LeftFiles? Left { get; private set; }

    /// <summary>
    /// Says whether the index can list an entry: its line, with all that is known of the object, has at most
    /// <see cref="ArchiveLimits.MaxIndexLineBytes"/>, and its texts are valid UTF-16. Ask before the first byte of what comes from outside.
    /// </summary>
    /// <param name="header">The entry.</param>
    /// <returns><see langword="false"/> when appending it would be an <see cref="ArgumentException"/>.</returns>
    public static bool CanIndex(in EntryHeader header) => IndexLineSize.Fits(header);

    /// <summary>Appends an entry whose packed bytes are all there.</summary>
    /// <param name="header">Its path, true name and method.</param>
    /// <param name="content">What its raw bytes are.</param>
    /// <param name="packed">Its packed bytes, in order; free again when the call returns.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async ValueTask AppendAsync(
        EntryHeader header, EntryContent content, IReadOnlyList<ReadOnlyMemory<byte>> packed, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(header);
        var storedBytes = packed.Sum(block => (long)block.Length);
        _isWriting = true;
        var volume = await VolumeForAsync(header.Path, storedBytes, storedBytes, cancellationToken).ConfigureAwait(false);
        var entry = await volume.AppendAsync(header, content, packed, cancellationToken).ConfigureAwait(false);
        await RegisterAsync(header, content, entry, cancellationToken).ConfigureAwait(false);
        _isWriting = false;
    }

    /// <summary>Begins an entry whose sizes are known only at its end.</summary>
    /// <param name="header">Its path, true name and method.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async ValueTask BeginAsync(EntryHeader header, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(header);
        _isWriting = true;
        var volume = await VolumeForAsync(header.Path, 0, _streamReserveBytes, cancellationToken).ConfigureAwait(false);
        await volume.BeginAsync(header, cancellationToken).ConfigureAwait(false);
        _open = header;
        _isWriting = false;
    }

    /// <summary>Appends packed bytes to the entry that was begun.</summary>
    /// <param name="packed">The bytes; free again when the call returns.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> packed, CancellationToken cancellationToken)
    {
        _isWriting = true;
        await OpenVolume().WriteAsync(packed, cancellationToken).ConfigureAwait(false);
        _isWriting = false;
    }

    /// <summary>Ends the entry that was begun.</summary>
    /// <param name="content">What its raw bytes were.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async ValueTask EndAsync(EntryContent content, CancellationToken cancellationToken)
    {
        _isWriting = true;
        var entry = await OpenVolume().EndAsync(content, cancellationToken).ConfigureAwait(false);
        await RegisterAsync(_open, content, entry, cancellationToken).ConfigureAwait(false);
        _isWriting = false;
    }

    /// <summary>Gives the entry that was begun up: its bytes stay in the volume as dead bytes that nothing names.</summary>
    public void Abandon() => OpenVolume().Abandon();

    /// <summary>
    /// Closes the open volume of a resumable run and writes its last checkpoint: what follows is written anew by every part, last
    /// of all, into volumes of its own. Does nothing in other runs.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask BeginClosingVolumeAsync(CancellationToken cancellationToken)
    {
        ThrowIfComplete();
        if (_checkpoints is { } checkpoints && !_isClosing)
        {
            _isWriting = true;
            await CloseVolumeAsync(cancellationToken).ConfigureAwait(false);
            await checkpoints.WriteAsync(null, [], hasObjects: false, cancellationToken).ConfigureAwait(false);
            _isClosing = true;
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
        var checkpoints = _checkpoints ?? throw new InvalidOperationException("The run is not resumable.");
        ThrowIfComplete();
        if (!_isWriting)
        {
            if (_volume is { IsEntryOpen: true } volume)
            {
                volume.Abandon();
            }

            await BeginClosingVolumeAsync(cancellationToken).ConfigureAwait(false);
        }

        return checkpoints.HasKept;
    }

    /// <summary>Closes the last volume and its index.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What the backup holds, for its manifest.</returns>
    public async ValueTask<ArchiveContents> CompleteAsync(CancellationToken cancellationToken)
    {
        ThrowIfComplete();
        await CloseVolumeAsync(cancellationToken).ConfigureAwait(false);
        _contents = _totals.ToContents(_index.Published);
        return _contents;
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

        if (manifest.Id != _id || !manifest.Volumes.SequenceEqual(contents.Volumes)
            || !manifest.IndexParts.SequenceEqual(contents.IndexParts))
        {
            throw new ArgumentException("The manifest does not describe this archive.", nameof(manifest));
        }

        if (ManifestRules.FindFault(manifest) is { } fault)
        {
            throw new ArgumentException($"The manifest {fault}.", nameof(manifest));
        }

        if (_options.Lease is { } lease)
        {
            await lease.ConfirmAsync(cancellationToken).ConfigureAwait(false);
        }

        var output = await SinkOutput
            .CreateAsync(_sink, ArchiveNames.InSink(_id, ArchiveNames.Manifest), cancellationToken).ConfigureAwait(false);
        await using (output.ConfigureAwait(false))
        {
            await ManifestFile.WriteAsync(output, manifest, cancellationToken).ConfigureAwait(false);
            await _published.CommitAsync(ArchiveNames.Manifest, output, cancellationToken).ConfigureAwait(false);
        }

        _isCommitted = true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_output is { } output)
            {
                await AbortVolumeAsync(output).ConfigureAwait(false);
            }
        }
        finally
        {
            // After the commit checkpoints serve nobody any more.
            Left = !_isCommitted ? await _published.DeleteAsync().ConfigureAwait(false)
                : _checkpoints is null ? null
                : await _checkpoints.DeleteAsync().ConfigureAwait(false);
        }
    }

    // The chosen size of a volume may be passed by one entry; the size of the sink's objects may not, hence the reserve.
    private async ValueTask<ZipVolumeWriter> VolumeForAsync(
        string path, long storedBytes, long reservedBytes, CancellationToken cancellationToken)
    {
        ThrowIfComplete();
        if (_volume is { Entries: 0, Position: > 0 } && _output is { } output)
        {
            // Its only entry was given up, and 7-Zip does not take a volume that begins with dead bytes: begin it again.
            await AbortVolumeAsync(output).ConfigureAwait(false);
        }
        else if (_volume is { Entries: > 0 } volume
            && (volume.Entries >= _options.MaxEntriesPerVolume
                || _index.IsFull
                || volume.SizeWith(path, storedBytes) > _options.VolumeBytes
                || volume.SizeWith(path, reservedBytes) > _maxObjectBytes))
        {
            await CloseVolumeAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_volume is null)
        {
            var name = ArchiveNames.InSink(_id, ArchiveNames.Volume(_totals.NextVolume));
            _output = await SinkOutput.CreateAsync(_sink, name, cancellationToken).ConfigureAwait(false);
            _volume = new ZipVolumeWriter(_output, _time, _options.Zip64Limit);
        }

        return _volume;
    }

    private async ValueTask RegisterAsync(
        EntryHeader header, EntryContent content, ZipEntryFacts entry, CancellationToken cancellationToken)
    {
        _totals.Add(header, content.RawBytes);
        await _index.AddAsync(
            new IndexEntry
            {
                Path = header.Path,
                Name = header.Name,
                Volume = _totals.NextVolume,
                Offset = entry.Offset,
                Method = header.Method,
                RawBytes = content.RawBytes,
                StoredBytes = entry.StoredBytes,
                Crc32 = content.Crc32,
                Digest = content.Digest,
                Object = header.Object,
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask CloseVolumeAsync(CancellationToken cancellationToken)
    {
        if (_volume is not { } volume || _output is not { } output)
        {
            return;
        }

        if (volume.Entries == 0)
        {
            // All that it holds was given up: a volume without entries is none.
            await AbortVolumeAsync(output).ConfigureAwait(false);
            return;
        }

        await volume.FinishAsync(cancellationToken).ConfigureAwait(false);
        var name = ArchiveNames.Volume(_totals.NextVolume);
        var sha256 = await _published.CommitAsync(name, output, cancellationToken).ConfigureAwait(false);
        await output.DisposeAsync().ConfigureAwait(false);
        var hasObjects = _totals.HasObjects;
        var record = new VolumeRecord(name, output.Position, sha256, volume.Entries);
        _totals.Add(record);
        _output = null;
        _volume = null;

        // After the volume: a durable part of the index only names durable volumes.
        var parts = await _index.PublishAsync(cancellationToken).ConfigureAwait(false);
        if (_checkpoints is { } checkpoints && !_isClosing)
        {
            await checkpoints.WriteAsync(record, parts, hasObjects, cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask AbortVolumeAsync(SinkOutput output)
    {
        _output = null;
        _volume = null;
        return output.DisposeAsync();
    }

    private ZipVolumeWriter OpenVolume() => _volume ?? throw new InvalidOperationException("No entry is open.");

    private void ThrowIfComplete()
    {
        if (_contents is not null)
        {
            throw new InvalidOperationException("The archive is complete.");
        }
    }

    private static void ThrowIfInvalid(EntryHeader header)
    {
        if (!EntryPaths.IsValid(header.Path) || !CanIndex(header))
        {
            throw new ArgumentException(
                $"'{header.Path}' cannot be the path of an entry, or what is to be said of it does not fit into the index.", nameof(header));
        }
    }
}
