using System.Security.Cryptography;
using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.Merging;
using Backup.TestKit.Streams;

namespace Backup.Core.Tests.Merging;

public sealed class ReadAheadStreamTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 9_000_001).Select(i => (byte)(i * 7 / 3))];

    [Fact]
    public async Task ReadAsync_ShortReads_GivesAllBytesAndTheirDigest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var stream = new ReadAheadStream(Input(new ShortReadStream(new MemoryStream(Bytes), 10_000)), hash);
        using var copy = new MemoryStream();

        await stream.CopyToAsync(copy, 70_000);

        Assert.Equal(Bytes, copy.ToArray());
        Assert.Equal(SHA256.HashData(Bytes), hash.GetHashAndReset());
    }

    [Fact]
    public async Task ReadAsync_SourceEndsEarly_GivesWhatThereIsAndThrows()
    {
        await using var stream = new ReadAheadStream(Input(new MemoryStream(Bytes[..3_000_000])), null);
        var buffer = new byte[2 * 1024 * 1024];

        await stream.ReadExactlyAsync(buffer);

        Assert.Equal(Bytes[..buffer.Length], buffer);
        await Assert.ThrowsAsync<ArchiveFormatException>(() => stream.CopyToAsync(Stream.Null));
    }

    [Fact]
    public async Task DisposeAsync_BeforeItsEnd_EndsTheReading()
    {
        var source = new MemoryStream(Bytes);
        var stream = new ReadAheadStream(Input(source), null);
        await stream.ReadExactlyAsync(new byte[10]);

        await stream.DisposeAsync();

        Assert.False(source.CanRead);
    }

    [Fact]
    public async Task ReadAsync_Cancelled_Throws()
    {
        await using var stream = new ReadAheadStream(Input(new MemoryStream(Bytes)), null);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.CopyToAsync(Stream.Null, cancelled.Token));
    }

    private static SinkInput Input(Stream stream) => new(stream, "volume-0001.zip", Bytes.Length);
}
