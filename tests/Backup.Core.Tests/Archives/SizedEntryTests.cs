using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Archives;

/// <summary>Entries whose sizes are known before their bytes come.</summary>
public sealed class SizedEntryTests
{
    private static readonly byte[] Raw = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];

    [Fact]
    public async Task BeginSizedAsync_Always_WritesWhatAppendAsyncWrites()
    {
        var (appended, begun) = (new InMemorySink(), new InMemorySink());
        await using (var writer = new ArchiveWriter(appended, ArchiveBuilder.Id, new ArchiveWriterOptions()))
        {
            await writer.AppendAsync("a", Raw, new NoCompressor());
            await writer.CommitAsync();
        }

        await using (var writer = new ArchiveWriter(begun, ArchiveBuilder.Id, new ArchiveWriterOptions()))
        {
            await BeginAsync(writer, Raw.Length);
            await writer.WriteAsync(Raw.AsMemory(0, 1), CancellationToken.None);
            await writer.WriteAsync(Raw.AsMemory(1), CancellationToken.None);
            await writer.EndAsync(ArchiveBuilder.ContentOf(Raw), CancellationToken.None);
            await writer.CommitAsync();
        }

        foreach (var item in await appended.ListAsync("").ToListAsync())
        {
            Assert.Equal(await appended.ReadObjectAsync(item.Name), await begun.ReadObjectAsync(item.Name));
        }
    }

    [Theory]
    [InlineData(99_999)]
    [InlineData(100_001)]
    public async Task EndAsync_OtherSizeThanWasSaid_Throws(int storedBytes)
    {
        await using var writer = new ArchiveWriter(new InMemorySink(), ArchiveBuilder.Id, new ArchiveWriterOptions());
        await BeginAsync(writer, storedBytes);
        await writer.WriteAsync(Raw, CancellationToken.None);

        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.EndAsync(ArchiveBuilder.ContentOf(Raw), CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task BeginSizedAsync_NoRoomLeft_BeginsAVolume()
    {
        var sink = new InMemorySink();
        await using var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions { VolumeBytes = 150_000 });
        await writer.AppendAsync("first", Raw, new NoCompressor());
        await BeginAsync(writer, Raw.Length);
        await writer.WriteAsync(Raw, CancellationToken.None);
        await writer.EndAsync(ArchiveBuilder.ContentOf(Raw), CancellationToken.None);

        var manifest = await writer.CommitAsync();

        Assert.Equal(2, manifest.Volumes.Count);
    }

    private static ValueTask BeginAsync(ArchiveWriter writer, long storedBytes) => writer.BeginSizedAsync(
        new EntryHeader("a", null, CompressionMethod.None), ArchiveBuilder.ContentOf(Raw), storedBytes, CancellationToken.None);
}
