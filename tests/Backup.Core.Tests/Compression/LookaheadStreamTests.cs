using Backup.Core.Compression;
using Backup.TestKit.Streams;

namespace Backup.Core.Tests.Compression;

public sealed class LookaheadStreamTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 100)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(100, 100)]
    public async Task Read_AnyPieces_GivesAllBytesThenTheEnd(int bytesPerRead, int sourceBytesPerRead)
    {
        byte[] expected = [.. Enumerable.Range(0, 10).Select(number => (byte)number)];
        await using var stream = new LookaheadStream(new ShortReadStream(new MemoryStream(expected), sourceBytesPerRead));
        var buffer = new byte[bytesPerRead];
        var actual = new List<byte>();
        int bytes;
        while (!stream.WasLastByteGiven && (bytes = await stream.ReadAsync(buffer)) > 0)
        {
            actual.AddRange(buffer.AsSpan(0, bytes));
        }

        Assert.Equal(expected, actual);
        Assert.False(stream.WasEndAsked);
        Assert.Equal(0, await stream.ReadAsync(buffer));
        Assert.True(stream.WasEndAsked);
    }

    [Fact]
    public void Read_EmptySource_IsAtItsEnd()
    {
        using var stream = new LookaheadStream(new MemoryStream());

        Assert.Equal(0, stream.Read(new byte[10]));
        Assert.True(stream.WasEndAsked);
        Assert.False(stream.WasLastByteGiven);
    }
}
