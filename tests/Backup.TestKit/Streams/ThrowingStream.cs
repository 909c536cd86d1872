namespace Backup.TestKit.Streams;

/// <summary>Throws once a number of bytes has been read.</summary>
public sealed class ThrowingStream(Stream inner, long bytesBefore, Func<Exception>? fault = null) : HostileStream(inner)
{
    private long _left = bytesBefore;

    public override int Read(Span<byte> buffer)
    {
        if (_left == 0)
        {
            throw fault?.Invoke() ?? new IOException("The stream broke, as the test asked.");
        }

        var read = Inner.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= read;
        return read;
    }
}
