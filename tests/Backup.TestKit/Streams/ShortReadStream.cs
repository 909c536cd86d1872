namespace Backup.TestKit.Streams;

/// <summary>Gives at most a few bytes per read, as a slow network does.</summary>
public sealed class ShortReadStream(Stream inner, int maxBytesPerRead = 1) : HostileStream(inner)
{
    public override int Read(Span<byte> buffer) => Inner.Read(buffer[..Math.Min(buffer.Length, maxBytesPerRead)]);
}
