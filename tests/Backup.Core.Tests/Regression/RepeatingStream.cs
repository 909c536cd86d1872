namespace Backup.Core.Tests.Regression;

/// <summary>The same bytes a number of times, and others behind them, without a copy of them all.</summary>
internal sealed class RepeatingStream(byte[] bytes, int times, byte[] end) : Stream
{
    private int _position;
    private int _left = times;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var current = _left > 0 ? bytes : end;
        if (_position == current.Length && _left > 0)
        {
            _left--;
            _position = 0;
            current = _left > 0 ? bytes : end;
        }

        var count = Math.Min(buffer.Length, current.Length - _position);
        current.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
