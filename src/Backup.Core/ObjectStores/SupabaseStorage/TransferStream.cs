using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>A response's body that throws when it breaks off, stands still or is not as long as announced. Used by one caller at a time.</summary>
internal sealed class TransferStream : Stream
{
    private readonly Stream _body;
    private readonly long? _expectedBytes;
    private readonly StorageConnection _connection;
    private readonly string _action;
    private readonly string _subject;
    private readonly IDisposable? _response;
    private long _readBytes;

    /// <summary>Guards a body.</summary>
    /// <param name="body">The body; owned.</param>
    /// <param name="expectedBytes">Its announced length; <see langword="null"/> when nothing was announced.</param>
    /// <param name="connection">Gives the progress time-out and the clock.</param>
    /// <param name="action">What is being done, for messages.</param>
    /// <param name="subject">The bucket or object.</param>
    /// <param name="response">Disposed with the stream, or <see langword="null"/>.</param>
    public TransferStream(
        Stream body, long? expectedBytes, StorageConnection connection, string action, string subject, IDisposable? response = null)
    {
        _body = body;
        _expectedBytes = expectedBytes;
        _connection = connection;
        _action = action;
        _subject = subject;
        _response = response;
    }

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
        int bytes;
        try
        {
            using var watch = new ProgressWatch(_connection.ProgressTimeout, _connection.TimeProvider, cancellationToken);
            bytes = await watch.RunAsync(() => _body.ReadAsync(buffer, watch.Token).AsTask()).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or TimeoutException)
        {
            throw Broken(exception.Message, exception);
        }

        _readBytes += bytes;
        if (_readBytes > _expectedBytes || (bytes == 0 && !buffer.IsEmpty && _readBytes < _expectedBytes))
        {
            throw Broken($"{_readBytes} of {_expectedBytes} announced bytes arrived", null);
        }

        return bytes;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Read asynchronously: a transfer must be cancellable.");

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
            _body.Dispose();
            _response?.Dispose();
        }

        base.Dispose(disposing);
    }

    private ObjectStoreException Broken(string reason, Exception? cause) =>
        new($"Cannot {_action}: the transfer broke off ({reason.ReplaceLineEndings(" ")}).", cause)
        {
            Error = ObjectStoreError.Unavailable,
            Subject = _subject,
            IsTransient = true,
        };
}
