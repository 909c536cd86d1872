using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Backup.Core.Sinks;

/// <summary>Writes one file of a <see cref="DirectorySink"/> under a hidden name and then publishes it. Used by one caller at a time.</summary>
/// <remarks>
/// The order at the commit is what makes an object appear whole or not at all, also over a power cut: the file's bytes reach
/// the disk, then it gets its name, then the folders that lead to it from the sink's own, which is durable since it was created,
/// reach the disk.
/// </remarks>
internal sealed class DirectorySinkWriter : SinkWriter
{
    /// <summary>How a file ends that is being written, or was when its process died.</summary>
    public const string PartialSuffix = ".partial";

    private const int RandomDigits = 16;

    // Small writes, such as the headers of a zip, are gathered; a block of a page goes through as it is.
    private const int BufferBytes = 128 * 1024;

    // What was written before is sent to the disk while more is written, so that a commit waits for no more than about so much.
    private const long DefaultFlushBytes = 64 * 1024 * 1024;

    private readonly string _name;
    private readonly string _path;
    private readonly string _root;
    private readonly string _partialPath;
    private readonly DirectoryFaults _faults;
    private readonly FileStream _file;

    // Taken once: the stream's property empties its buffer, which must not happen beside a write.
    private readonly SafeFileHandle _handle;
    private readonly long _flushBytes;
    private long _unflushedBytes;
    private Task _flush = Task.CompletedTask;
    private bool _isPublished;
    private bool _isClosed;

    public DirectorySinkWriter(string name, string path, string root, DirectoryFaults faults, long flushBytes = DefaultFlushBytes)
    {
        _flushBytes = flushBytes;
        _name = name;
        _path = path;
        _root = root;
        _faults = faults;
        _partialPath = Path.Join(Path.GetDirectoryName(path), PartialName(Path.GetFileName(path)));
        _file = new FileStream(_partialPath, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Delete,
            Options = FileOptions.Asynchronous,
            BufferSize = BufferBytes,
        });
        _handle = _file.SafeFileHandle;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        try
        {
            await _file.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            _unflushedBytes += buffer.Length;
            if (_unflushedBytes >= _flushBytes && _flush.IsCompleted)
            {
                // The disk tells of bytes that it lost once only: here, or at the commit.
                await _flush.ConfigureAwait(false);
                await _file.FlushAsync(cancellationToken).ConfigureAwait(false);
                _unflushedBytes = 0;
                _flush = FlushToDiskAsync(CancellationToken.None);
            }
        }
        catch (Exception exception) when (DirectoryFaults.IsOfMedium(exception))
        {
            throw _faults.Describe("write", _name, exception);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask CommitAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        try
        {
            await _file.FlushAsync(cancellationToken).ConfigureAwait(false);

            await _flush.ConfigureAwait(false);
            await FlushToDiskAsync(cancellationToken).ConfigureAwait(false);
            await _file.DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            Publish();
        }
        catch (Exception exception) when (DirectoryFaults.IsOfMedium(exception))
        {
            throw _faults.Describe("write", _name, exception);
        }

        _isClosed = true;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        await _flush.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await _file.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (DirectoryFaults.IsOfMedium(exception))
        {
            // Bytes that a full disk does not take any more belong to a file that goes away next.
        }

        if (!_isPublished)
        {
            RemovePartial();
            EmptyFolders.Remove(Path.GetDirectoryName(_path)!, _root);
        }
    }

    private static string PartialName(string fileName)
    {
        var random = RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true);
        var kept = SinkObjectName.MaxSegmentLength - PartialSuffix.Length - random.Length - 2;
        return "." + fileName[..Math.Min(fileName.Length, kept)] + "." + random + PartialSuffix;
    }

    // Waiting for the disk blocks its thread, for seconds where there is much to write.
    private Task FlushToDiskAsync(CancellationToken cancellationToken) =>
        Task.Run(() => RandomAccess.FlushToDisk(_handle), cancellationToken);

    private void Publish()
    {
        if (!FileNaming.TryMoveWithoutReplacing(_partialPath, _path))
        {
            throw _faults.Exists(_name);
        }

        _isPublished = true;
        for (var folder = Path.GetDirectoryName(_path)!; folder.Length >= _root.Length; folder = Path.GetDirectoryName(folder)!)
        {
            DirectoryDurability.Sync(folder);
            if (Path.GetDirectoryName(folder) is null)
            {
                break;
            }
        }
    }

    private void RemovePartial()
    {
        try
        {
            File.Delete(_partialPath);
        }
        catch (Exception exception) when (DirectoryFaults.IsOfMedium(exception))
        {
            // It stays behind under a name that is no object's.
        }
    }
}
