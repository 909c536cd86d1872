namespace Backup.Core.Compression;

/// <summary>Hands a stream on but keeps its last byte back until a read of its own, so that one sees what the reader needed.</summary>
/// <remarks>
/// A decoder that ends without asking for the last byte has bytes behind its end; one that asks again after the last byte
/// misses some. Both show without knowing how much the decoder reads ahead. Used by one caller at a time.
/// </remarks>
internal sealed class LookaheadStream(Stream inner) : ReadOnlyForwardStream
{
    private readonly byte[] _single = new byte[1];
    private byte _held;
    private bool _hasHeld;
    private bool _isInnerDone;

    /// <summary>Whether the reader took the last byte.</summary>
    public bool WasLastByteGiven { get; private set; }

    /// <summary>Whether the reader asked for more than there is.</summary>
    public bool WasEndAsked { get; private set; }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (!_hasHeld && !_isInnerDone)
        {
            Hold(inner.Read(_single, 0, 1));
        }

        return _isInnerDone ? GiveLast(buffer)
            : buffer.Length == 1 ? Give(buffer, inner.Read(_single, 0, 1), _single)
            : Give(buffer, inner.Read(buffer[1..]), buffer[1..]);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (!_hasHeld && !_isInnerDone)
        {
            Hold(await inner.ReadAsync(_single, cancellationToken).ConfigureAwait(false));
        }

        if (_isInnerDone)
        {
            return GiveLast(buffer.Span);
        }

        var rest = buffer.Length == 1 ? _single : buffer[1..];
        var bytes = await inner.ReadAsync(rest, cancellationToken).ConfigureAwait(false);
        return Give(buffer.Span, bytes, rest.Span);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Hold(int bytes)
    {
        _hasHeld = bytes > 0;
        _isInnerDone = bytes == 0;
        _held = _single[0];
    }

    /// <summary>Gives the byte that was held and all but the last of those just read, which is held next.</summary>
    private int Give(Span<byte> buffer, int bytes, ReadOnlySpan<byte> read)
    {
        if (bytes == 0)
        {
            _isInnerDone = true;
            return GiveLast(buffer);
        }

        var next = read[bytes - 1];
        buffer[0] = _held;
        _held = next;
        return bytes;
    }

    private int GiveLast(Span<byte> buffer)
    {
        if (!_hasHeld)
        {
            WasEndAsked = true;
            return 0;
        }

        _hasHeld = false;
        WasLastByteGiven = true;
        buffer[0] = _held;
        return 1;
    }
}
