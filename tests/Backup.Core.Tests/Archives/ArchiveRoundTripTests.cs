using System.Text;
using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Archives;

public sealed class ArchiveRoundTripTests
{
    public static TheoryData<string> Codecs => [Compressors.None, Compressors.Deflate, Compressors.Zstandard];

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task OpenEntryAsync_AppendedStreamedAndEmptyEntries_GivesTheirBytes(string codec)
    {
        var sink = new InMemorySink();
        var compressor = Compressors.Create(codec);
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i}\trow {i % 17}\n")));
        await using (var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions()))
        {
            await writer.AppendAsync("b/appended.txt", text, compressor, name: "B/Appended");
            await writer.StreamAsync("a/streamed.txt", text, compressor);
            await writer.AppendAsync("c/empty", [], compressor);
            await writer.CommitAsync();
        }

        var reader = await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None);
        Assert.Equal(text, await reader.ReadAllAsync("b/appended.txt"));
        Assert.Equal(text, await reader.ReadAllAsync("a/streamed.txt"));
        Assert.Empty(await reader.ReadAllAsync("c/empty"));
        var entries = await reader.ReadIndexAsync(string.Empty, CancellationToken.None).ToListAsync();
        Assert.Equal(["a/streamed.txt", "b/appended.txt", "c/empty"], entries.Select(entry => entry.Path));
        Assert.Equal([null, "B/Appended", null], entries.Select(entry => entry.Name));
    }

    [Fact]
    public async Task AppendAsync_VolumeWouldGrowOverItsLimit_RollsToTheNext()
    {
        var sink = new InMemorySink();
        await using (var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions { VolumeBytes = 4096 }))
        {
            for (var i = 0; i < 10; i++)
            {
                await writer.AppendAsync($"entry-{i}", new byte[1500], new NoCompressor());
            }

            await writer.CommitAsync();
        }

        var reader = await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None);
        Assert.Equal([2, 2, 2, 2, 2], reader.Manifest.Volumes.Select(volume => volume.Entries));
        Assert.All(reader.Manifest.Volumes, volume => Assert.InRange(volume.Bytes, 1, 4096));
        Assert.Equal([1, 2, 3, 4, 5], reader.Manifest.IndexParts.Select(part => part.Volume));
        Assert.Equal(new byte[1500], await reader.ReadAllAsync("entry-9"));
    }
}
