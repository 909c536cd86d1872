using System.IO.Hashing;
using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.Archives;
using Backup.TestKit.Tools;

namespace Backup.Core.IntegrationTests.Archives;

/// <summary>An entry beyond 4 GiB, where zip64 is no longer a matter of a lowered limit.</summary>
public sealed class LargeEntryTests
{
    private const int BlockBytes = 1024 * 1024;
    private const int Blocks = (4 * 1024) + 1;

    [Fact]
    public async Task Volume_StreamedEntryOfMoreThan4GiB_IsReadByToolsAndReader()
    {
        using var folder = new TemporaryFolder();
        var sink = new DirectorySink(folder.Path);
        await WriteAsync(sink, new ZstandardCompressor(1));

        var volume = folder[$"{ArchiveBuilder.Id}/volume-0001.zip"];
        (await ExternalTool.RunAsync("7z", "t", volume)).EnsureSuccess();
        Assert.Contains(
            $"{(long)Blocks * BlockBytes}", (await ExternalTool.RunAsync("bsdtar", "-tv", "-f", volume)).EnsureSuccess().Output,
            StringComparison.Ordinal);

        var reader = await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None);
        var entry = await reader.FindAsync("zeros", CancellationToken.None);
        await using var stream = await reader.OpenEntryAsync(entry!, CancellationToken.None);
        var buffer = new byte[BlockBytes];
        var read = 0L;
        while (await stream.ReadAsync(buffer) is var count and > 0)
        {
            read += count;
        }

        Assert.Equal((long)Blocks * BlockBytes, read);
        Assert.Equal(3, (await reader.ReadAllAsync("after")).Length);
    }

    private static async Task WriteAsync(DirectorySink sink, ZstandardCompressor compressor)
    {
        var zeros = new byte[BlockBytes];
        var block = ArchiveBuilder.Pack(compressor, zeros, isLast: false);
        var crc32 = new Crc32();
        var digest = new XxHash128();
        await using var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions());
        await writer.BeginAsync(new EntryHeader("zeros", null, compressor.Method), CancellationToken.None);
        for (var i = 0; i < Blocks; i++)
        {
            crc32.Append(zeros);
            digest.Append(zeros);
            await writer.WriteAsync(
                i < Blocks - 1 ? block : ArchiveBuilder.Pack(compressor, zeros), CancellationToken.None);
        }

        var content = new EntryContent(
            (long)Blocks * BlockBytes, crc32.GetCurrentHashAsUInt32(), new ContentHash(digest.GetCurrentHashAsUInt128()));
        await writer.EndAsync(content, CancellationToken.None);
        await writer.AppendAsync("after", [1, 2, 3], compressor);
        await writer.CommitAsync();
    }
}
