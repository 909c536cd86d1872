using Backup.Core.Errors;

namespace Backup.Core.ObjectStores;

/// <summary>
/// A file's bytes that throw the store's exception when they cannot be read, or when somebody wrote to the file since it was opened.
/// Used by one caller at a time.
/// </summary>
/// <param name="file">The file, at the first byte to be read; owned.</param>
/// <param name="bucket">The bucket's id.</param>
/// <param name="name">The object's name.</param>
internal sealed class FileContentStream(FileStream file, string bucket, string name) : Stream
{
    private readonly long _totalBytes = file.Length;
    private readonly DateTime _lastWrite = File.GetLastWriteTimeUtc(file.SafeFileHandle);

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

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var left = (int)Math.Min(buffer.Length, _totalBytes - file.Position);
            var bytes = await file.ReadAsync(buffer[..left], cancellationToken).ConfigureAwait(false);
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
    public override async ValueTask DisposeAsync()
    {
        await file.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    // A store of ours replaces files and leaves the open one as it is; other programs may write into it.
    private void ThrowIfChanged()
    {
        if (file.Position < _totalBytes)
        {
            throw Failed($"it ends at byte {file.Position} of {_totalBytes}", ObjectStoreError.Changed, null);
        }

        if (file.Length != _totalBytes || File.GetLastWriteTimeUtc(file.SafeFileHandle) != _lastWrite)
        {
            throw Failed("it was written to while it was read", ObjectStoreError.Changed, null);
        }
    }

    private ObjectStoreException Failed(string reason, ObjectStoreError error, Exception? cause) =>
        new($"Cannot read '{MessageText.OneLine(name)}' of bucket '{bucket}': {reason}", cause) { Error = error, Subject = $"{bucket}/{name}" };
}
