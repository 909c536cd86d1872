using System.Security.Cryptography;

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

    private readonly string _name;
    private readonly string _path;
    private readonly string _root;
    private readonly string _partialPath;
    private readonly DirectoryFaults _faults;
    private readonly FileStream _file;
    private bool _isPublished;
    private bool _isClosed;

    public DirectorySinkWriter(string name, string path, string root, DirectoryFaults faults)
    {
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
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        try
        {
            await _file.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
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

            // Waiting for the disk blocks its thread, for seconds where a volume is large.
            await Task.Run(() => RandomAccess.FlushToDisk(_file.SafeFileHandle), cancellationToken).ConfigureAwait(false);
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
