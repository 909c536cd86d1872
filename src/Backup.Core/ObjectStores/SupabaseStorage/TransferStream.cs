using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>
/// A download's body that throws when it breaks off, stands still, trickles or is not as long as announced. Used by one caller
/// at a time.
/// </summary>
internal sealed class TransferStream : Stream
{
    private readonly Stream _body;
    private readonly long _expectedBytes;
    private readonly ProgressWatch _watch;
    private readonly ApiCall _call;
    private readonly HttpResponseMessage _response;
    private long _readBytes;

    /// <summary>Guards a body.</summary>
    /// <param name="body">The body; owned.</param>
    /// <param name="expectedBytes">Its announced length.</param>
    /// <param name="watch">Cuts it; owned.</param>
    /// <param name="call">What is being done, for messages.</param>
    /// <param name="response">The response; owned.</param>
    public TransferStream(Stream body, long expectedBytes, ProgressWatch watch, ApiCall call, HttpResponseMessage response)
    {
        _body = body;
        _expectedBytes = expectedBytes;
        _watch = watch;
        _call = call;
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
        cancellationToken.ThrowIfCancellationRequested();
        var bytes = await ReadBodyAsync(buffer, cancellationToken).ConfigureAwait(false);
        _readBytes += bytes;
        if (_readBytes > _expectedBytes)
        {
            throw new ObjectStoreException($"Cannot {_call.Action}: more than the {_expectedBytes} announced bytes arrived.")
            {
                Error = ObjectStoreError.Changed,
                Subject = _call.Subject,
            };
        }

        if (bytes == 0 && !buffer.IsEmpty && _readBytes < _expectedBytes)
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
            _response.Dispose();
            _watch.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadBodyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // One source for both ends of a read: a body whose read was cancelled is of no further use anyway.
        using var registration = cancellationToken.UnsafeRegister(static watch => ((ProgressWatch)watch!).Cut(), _watch);
        try
        {
            _watch.BeginWait();
            var bytes = await _body.ReadAsync(buffer, _watch.Token).ConfigureAwait(false);
            _watch.Moved(bytes);
            return bytes;
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        catch (Exception exception) when (_watch.Token.IsCancellationRequested)
        {
            throw Broken(_watch.Reason, exception);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or TimeoutException)
        {
            throw Broken(exception.Message, exception);
        }
    }

    private ObjectStoreException Broken(string reason, Exception? cause) =>
        new($"Cannot {_call.Action}: the transfer broke off ({MessageText.OneLine(reason)}).", cause)
        {
            Error = ObjectStoreError.Unavailable,
            Subject = _call.Subject,
            IsTransient = true,
            Category = _watch.Token.IsCancellationRequested || cause is TimeoutException ? ErrorCategory.TimeOut : ErrorCategory.Connection,
        };
}
