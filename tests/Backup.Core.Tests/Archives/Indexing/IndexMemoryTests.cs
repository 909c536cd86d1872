using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.Archives;
using Xunit.Abstractions;

namespace Backup.Core.Tests.Archives.Indexing;

/// <summary>Measures the heap of the whole process, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(IndexMemoryTests), DisableParallelization = true)]
public sealed class IndexMemoryTestsAlone;

[Collection(nameof(IndexMemoryTests))]
public sealed class IndexMemoryTests(ITestOutputHelper output)
{
    private const int Entries = 1_000_000;
    private const long MostLiveBytes = 48 * 1024 * 1024;

    [Fact]
    public async Task ArchiveWriterAndReader_OneMillionEntries_StayWithinFlatMemory()
    {
        using var folder = new TemporaryFolder();
        var sink = new DirectorySink(folder.Path);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;
        await using (var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions()))
        {
            var content = ArchiveBuilder.ContentOf([]);
            for (var i = 0; i < Entries; i++)
            {
                var header = new EntryHeader($"storage/bucket/object-{i * 7919L % Entries:D7}", null, CompressionMethod.None);
                await writer.AppendAsync(header, content, [], CancellationToken.None);
                if (i % 60_000 == 59_999)
                {
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
                }
            }

            await writer.CommitAsync();
        }

        var reader = await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None);
        var read = 0;
        await foreach (var entry in reader.ReadIndexAsync(string.Empty, CancellationToken.None))
        {
            Assert.EndsWith(read.ToString("D7"), entry.Path, StringComparison.Ordinal);
            if (++read % 250_000 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        output.WriteLine($"The most live bytes: {most:N0}.");
        Assert.Equal(Entries, read);
        Assert.InRange(most, 0, MostLiveBytes);
    }

    [Fact]
    public void Assign_OneMillionNames_TakesNoMemoryForThemAndMarksFew()
    {
        var paths = new ObjectPaths();
        var marked = 0;
        paths.Assign("bucket", "first");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 1_000_000; i++)
        {
            marked += paths.Assign("bucket", $"folder {i / 1000:D4}/object {i:D7}.jpg").Contains('~', StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1024 * 1024);
        Assert.InRange(marked, 0, 5000);
        GC.KeepAlive(paths);
    }
}
