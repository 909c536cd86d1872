using Backup.Core.Errors;

namespace Backup.Core.ObjectStores;

/// <summary>
/// A file's bytes that throw the store's exception when they cannot be read, or when the file gets shorter. Used by one caller at a
/// time.
/// </summary>
/// <param name="file">The file, at the first byte to be read; owned.</param>
/// <param name="bucket">The bucket's id.</param>
/// <param name="name">The object's name.</param>
internal sealed class FileContentStream(FileStream file, string bucket, string name) : Stream
{
    private readonly long _totalBytes = file.Length;

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
            // What was appended since the file was opened belongs to another version.
            var left = (int)Math.Min(buffer.Length, _totalBytes - file.Position);
            var bytes = await file.ReadAsync(buffer[..left], cancellationToken).ConfigureAwait(false);
            return bytes > 0 || left == 0
                ? bytes
                : throw Failed($"it ends at byte {file.Position} of {_totalBytes}", ObjectStoreError.Changed, null);
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

    private ObjectStoreException Failed(string reason, ObjectStoreError error, Exception? cause) =>
        new($"Cannot read '{MessageText.OneLine(name)}' of bucket '{bucket}': {reason}", cause) { Error = error, Subject = $"{bucket}/{name}" };
}
