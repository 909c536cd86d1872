using System.Buffers;
using System.Net;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>A request body of known length, streamed and watched for progress. Used for one attempt.</summary>
/// <remarks>
/// A request may end while its body is still being sent: over HTTP/2 when the server refuses early, over HTTP/1.1 when the
/// connection breaks. The bytes are therefore not closed with the request but by <see cref="EndAsync"/>, when nobody reads them
/// any more: closing them under a read would give its buffers to others while it still writes to them.
/// </remarks>
internal sealed class UploadContent : HttpContent
{
    private const int BufferBytes = 128 * 1024;
    private const int Idle = 0;
    private const int Begun = 1;
    private const int Ended = 2;

    private readonly Stream _content;
    private readonly long _bytes;
    private readonly ProgressWatch _watch;
    private readonly TimeSpan _answerTimeout;
    private readonly ApiCall _call;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    /// <summary>Makes a body.</summary>
    /// <param name="content">The bytes; owned, and closed by <see cref="EndAsync"/>.</param>
    /// <param name="bytes">How many there must be.</param>
    /// <param name="watch">Cuts the upload; stays the caller's.</param>
    /// <param name="answerTimeout">How long the server may take once it has all bytes.</param>
    /// <param name="call">What is being done, for messages.</param>
    public UploadContent(Stream content, long bytes, ProgressWatch watch, TimeSpan answerTimeout, ApiCall call)
    {
        _content = content;
        _bytes = bytes;
        _watch = watch;
        _answerTimeout = answerTimeout;
        _call = call;
    }

    /// <summary>The failure of a content that cannot be read, which no other attempt would cure.</summary>
    public static ObjectStoreException Unreadable(ApiCall call, Exception cause) =>
        new($"Cannot {call.Action}: its content cannot be read ({MessageText.OneLine(cause.Message)}).", cause) { Subject = call.Subject };

    /// <summary>Ends the attempt: stops the sending if it goes on, and closes the bytes. Called once, whatever became of the request.</summary>
    public async Task EndAsync()
    {
        if (Interlocked.Exchange(ref _state, Ended) == Begun)
        {
            await _end.CancelAsync().ConfigureAwait(false);
            await _sent.Task.ConfigureAwait(false);
        }

        _end.Dispose();
        await _content.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Begun, Idle) != Idle)
        {
            // Of the network's kind, so that another attempt is made, with the bytes from the first one on.
            throw new IOException("The request was sent a second time.");
        }

        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
            await SendAsync(stream, either.Token).ConfigureAwait(false);
        }
        finally
        {
            _sent.TrySetResult();
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = _bytes;
        return true;
    }

    private async Task SendAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var sentBytes = 0L;
            int bytes;
            while ((bytes = await ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                sentBytes += bytes;
                if (sentBytes > _bytes)
                {
                    throw WrongLength($"more than {_bytes}");
                }

                _watch.BeginWait();
                await stream.WriteAsync(buffer.AsMemory(0, bytes), cancellationToken).ConfigureAwait(false);
                _watch.Moved(bytes);
            }

            if (sentBytes < _bytes)
            {
                throw WrongLength(sentBytes.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            _watch.BeginWait(_answerTimeout);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // While the bytes are fetched, nothing is waited for that the server could be blamed for.
    private async ValueTask<int> ReadAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        _watch.Pause();
        try
        {
            return await _content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw Unreadable(_call, exception);
        }
    }

    private ObjectStoreException WrongLength(string actual) =>
        new($"Cannot {_call.Action}: {_bytes} bytes were announced, {actual} came.") { Subject = _call.Subject };
}
