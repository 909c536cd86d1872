using System.Text;
using System.Text.Json;
using Backup.Core.Errors;

namespace Backup.Core.Sharding.Processes;

/// <summary>Messages over two streams, one in a line. Any number of senders, one receiver.</summary>
/// <param name="input">What is received; not disposed here.</param>
/// <param name="output">What is sent; not disposed here.</param>
internal sealed class MessageStream(Stream input, Stream output) : IDisposable
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    private readonly StreamReader _reader = new(input, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false, leaveOpen: true);
    private readonly SemaphoreSlim _sending = new(1);

    /// <summary>Sends a message.</summary>
    /// <exception cref="IOException">The other side is gone.</exception>
    public async ValueTask SendAsync(WorkerMessage message, CancellationToken cancellationToken)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(message, WorkerJson.Default.WorkerMessage);
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Never torn: half a line would make the next one unreadable.
            await output.WriteAsync(line, CancellationToken.None).ConfigureAwait(false);
            await output.WriteAsync(LineEnd, CancellationToken.None).ConfigureAwait(false);
            await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Receives the next message.</summary>
    /// <returns>The message; <see langword="null"/> when the other side has ended.</returns>
    /// <exception cref="WorkerException">What came is no message.</exception>
    public async ValueTask<WorkerMessage?> ReceiveAsync(CancellationToken cancellationToken)
    {
        // Reading from a pipe may not heed its token: whoever gives up waiting ends the other side, and with it the read.
        var line = await _reader.ReadLineAsync(cancellationToken).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        if (line is null)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(line, WorkerJson.Default.WorkerMessage);
        }
        catch (JsonException exception)
        {
            throw new WorkerException("A line between coordinator and worker is no message.", exception)
            {
                Hint = "Nothing but the worker may write to its standard output.",
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _sending.Dispose();
    }
}
