namespace Backup.TestKit.Streams;

/// <summary>Claims to be seekable and of a length that is not its own.</summary>
public sealed class LyingLengthStream(Stream inner, long claimedLength) : HostileStream(inner)
{
    private long _position;

    public override bool CanSeek => true;

    public override long Length => claimedLength;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(Span<byte> buffer)
    {
        var read = Inner.Read(buffer);
        _position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        _position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => claimedLength + offset,
        };
        return Inner.Seek(Math.Min(_position, Inner.Length), SeekOrigin.Begin);
    }
}
