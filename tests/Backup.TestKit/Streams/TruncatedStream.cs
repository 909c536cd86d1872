namespace Backup.TestKit.Streams;

/// <summary>Ends after a number of bytes, whatever the stream behind it still holds.</summary>
public sealed class TruncatedStream(Stream inner, long bytes) : HostileStream(inner)
{
    private long _left = bytes;

    public override int Read(Span<byte> buffer)
    {
        var read = Inner.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= read;
        return read;
    }
}
