using Backup.Core.Errors;
using Microsoft.Win32.SafeHandles;

namespace Backup.Core.ObjectStores;

/// <summary>
/// A file's bytes that throw the store's exception when they cannot be read, or when somebody wrote to the file since it was opened.
/// Used by one caller at a time.
/// </summary>
/// <remarks>Without a buffer of its own: callers read whole blocks, and one for each of many small files would cost more than the files.</remarks>
internal sealed class FileContentStream : Stream
{
    private readonly SafeFileHandle _file;
    private readonly string _bucket;
    private readonly string _name;
    private long _position;

    private FileContentStream(SafeFileHandle file, string bucket, string name, long offset)
    {
        _file = file;
        _bucket = bucket;
        _name = name;
        _position = offset;
        TotalBytes = RandomAccess.GetLength(file);
        LastWriteTimeUtc = File.GetLastWriteTimeUtc(file);
    }

    /// <summary>The file's size when it was opened, in bytes.</summary>
    public long TotalBytes { get; }

    /// <summary>When the file had last been written to when it was opened.</summary>
    public DateTime LastWriteTimeUtc { get; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="bucket">The bucket's id.</param>
    /// <param name="name">The object's name.</param>
    /// <param name="offset">The first byte to be read.</param>
    public static FileContentStream Open(string path, string bucket, string name, long offset)
    {
        var options = OperatingSystem.IsWindows() ? FileOptions.Asynchronous : FileOptions.None;
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, options);
        try
        {
            return new FileContentStream(file, bucket, name, offset);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var wanted = buffer[..(int)Math.Clamp(TotalBytes - _position, 0, buffer.Length)];

            // Only Windows reads files asynchronously. Elsewhere that means another thread of the pool that blocks in place of this one.
            var bytes = OperatingSystem.IsWindows()
                ? await RandomAccess.ReadAsync(_file, wanted, _position, cancellationToken).ConfigureAwait(false)
                : RandomAccess.Read(_file, wanted.Span, _position);
            _position += bytes;
            if (bytes == 0 && !buffer.IsEmpty)
            {
                ThrowIfChanged();
            }

            return bytes;
        }
        catch (IOException exception)
        {
            throw Failed(exception.Message, ObjectStoreError.Other, exception);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    // A store of ours replaces files and leaves the open one as it is; other programs may write into it.
    private void ThrowIfChanged()
    {
        if (_position < TotalBytes)
        {
            throw Failed($"it ends at byte {_position} of {TotalBytes}", ObjectStoreError.Changed, null);
        }

        if (RandomAccess.GetLength(_file) != TotalBytes || File.GetLastWriteTimeUtc(_file) != LastWriteTimeUtc)
        {
            throw Failed("it was written to while it was read", ObjectStoreError.Changed, null);
        }
    }

    private ObjectStoreException Failed(string reason, ObjectStoreError error, Exception? cause) =>
        new($"Cannot read '{MessageText.OneLine(_name)}' of bucket '{_bucket}': {reason}", cause) { Error = error, Subject = $"{_bucket}/{_name}" };
}
