using Backup.Core.Compression;
using Backup.Core.Hosting;

namespace Backup.Core.Pipeline.Failures;

/// <summary>Bytes of an object of a <see cref="TimedSink"/>. Its asynchronous reads end in time.</summary>
/// <remarks>Bytes pass through a buffer of its own: a read that was left behind must not write to what is the caller's again.</remarks>
internal sealed class TimedReadStream(Stream inner, string name, SinkCalls calls) : ReadOnlyForwardStream
{
    private const int BufferBytes = 64 * 1024;

    private readonly byte[] _received = new byte[BufferBytes];
    private bool _isLeftBehind;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => inner.Read(buffer);

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = Math.Min(buffer.Length, BufferBytes);
        var count = await calls.RunAsync(
            SinkActions.Read, name, token => inner.ReadAsync(_received.AsMemory(0, length), token), null, DisposeLater, cancellationToken)
            .ConfigureAwait(false);
        _received.AsSpan(0, count).CopyTo(buffer.Span);
        return count;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (!_isLeftBehind)
        {
            await calls.ReleaseAsync(inner.DisposeAsync).ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isLeftBehind)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void DisposeLater(Task<int> read)
    {
        _isLeftBehind = true;
        LateDisposal.After(read, inner.DisposeAsync);
    }
}
