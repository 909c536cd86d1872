using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Zip;
using Backup.Core.Sinks;

namespace Backup.Core.Archives;

/// <summary>The zip files of a backup that is being written, one at a time: opened when an entry needs one, closed by the caller.</summary>
/// <remarks>Used by one caller at a time. Disposing it takes the open one back.</remarks>
internal sealed class VolumeSeries : IAsyncDisposable
{
    // How much room an entry of unknown size finds at the least in an object whose size is limited: half of it, or this.
    private const long MaxStreamReserveBytes = 1024 * 1024 * 1024;

    private readonly IBackupSink _sink;
    private readonly BackupId _id;
    private readonly PublishedFiles _published;
    private readonly ArchiveWriterOptions _options;
    private readonly long? _maxObjectBytes;
    private readonly ZipTime _time;

    private readonly ArchiveNumbers _numbers;

    private SinkOutput? _output;
    private ZipVolumeWriter? _volume;

    // Kept for the next volume where this one comes to nothing.
    private int? _number;

    /// <summary>Creates a series that has no open file.</summary>
    /// <param name="sink">Where the backup goes.</param>
    /// <param name="id">The backup.</param>
    /// <param name="published">Takes note of what becomes visible.</param>
    /// <param name="options">How the backup is divided.</param>
    /// <param name="numbers">Gives each volume its number.</param>
    public VolumeSeries(IBackupSink sink, BackupId id, PublishedFiles published, ArchiveWriterOptions options, ArchiveNumbers numbers)
    {
        _sink = sink;
        _id = id;
        _published = published;
        _options = options;
        _maxObjectBytes = sink.Capabilities.MaxObjectBytes;
        _time = ZipTime.From(id.StartedAt);
        StreamReserveBytes = Math.Min((_maxObjectBytes ?? 0) / 2, MaxStreamReserveBytes);
        _numbers = numbers;
    }

    /// <summary>The number of the open volume; 0 where none is open.</summary>
    public int Number => _number ?? 0;

    /// <summary>How much room an entry of unknown size should find in a volume, in bytes.</summary>
    public long StreamReserveBytes { get; }

    /// <summary>The size of the open volume so far, in bytes.</summary>
    public long Position => _volume?.Position ?? 0;

    /// <summary>Whether an entry was begun and not ended.</summary>
    public bool IsEntryOpen => _volume is { IsEntryOpen: true };

    /// <summary>Whether the open volume holds entries.</summary>
    public bool HasEntries => _volume is { Entries: > 0 };

    /// <summary>The open volume.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public ZipVolumeWriter Open => _volume ?? throw new InvalidOperationException("No entry is open.");

    /// <summary>Says whether the open volume must be closed before an entry because it would become too large.</summary>
    /// <param name="path">The entry's path.</param>
    /// <param name="storedBytes">Its packed size, as far as it is known.</param>
    /// <param name="reservedBytes">The room that it should find.</param>
    /// <remarks>The chosen size of a volume may be passed by one entry; the size of the sink's objects may not, hence the reserve.</remarks>
    public bool MustCloseFor(string path, long storedBytes, long reservedBytes) =>
        _volume is { Entries: > 0 } volume
        && (volume.Entries >= _options.MaxEntriesPerVolume
            || volume.SizeWith(path, storedBytes) > _options.VolumeBytes
            || volume.SizeWith(path, reservedBytes) > _maxObjectBytes);

    /// <summary>Gives the open volume, or opens the next.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask<ZipVolumeWriter> OpenAsync(CancellationToken cancellationToken)
    {
        if (_volume is { Entries: 0, Position: > 0 })
        {
            // Its only entry was given up, and 7-Zip does not take a volume that begins with dead bytes: begin it again.
            await DisposeAsync().ConfigureAwait(false);
        }

        if (_volume is null)
        {
            _number ??= await _numbers.NextVolumeAsync(cancellationToken).ConfigureAwait(false);
            _output = await SinkOutput
                .CreateAsync(_sink, ArchiveNames.InSink(_id, ArchiveNames.Volume(_number.Value)), cancellationToken).ConfigureAwait(false);
            _volume = new ZipVolumeWriter(_output, _time, _options.Zip64Limit);
        }

        return _volume;
    }

    /// <summary>Makes the open volume durable.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The volume; <see langword="null"/> where none is open, or all that it held was given up: a volume without entries is none.</returns>
    public async ValueTask<VolumeRecord?> CloseAsync(CancellationToken cancellationToken)
    {
        if (_volume is not { } volume || _output is not { } output)
        {
            return null;
        }

        if (volume.Entries == 0)
        {
            await DisposeAsync().ConfigureAwait(false);
            return null;
        }

        await volume.FinishAsync(cancellationToken).ConfigureAwait(false);
        var name = ArchiveNames.Volume(Number);
        var sha256 = await _published.CommitAsync(name, output, cancellationToken).ConfigureAwait(false);
        await output.DisposeAsync().ConfigureAwait(false);
        _output = null;
        _volume = null;
        _number = null;
        return new VolumeRecord(name, output.Position, sha256, volume.Entries);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        var output = _output;
        _output = null;
        _volume = null;
        return output?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
