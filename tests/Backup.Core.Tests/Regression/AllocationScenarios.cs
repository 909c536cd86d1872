using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Diagnostics;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Archives;
using Backup.TestKit.Sinks;
using Backup.TestKit.Workloads;

namespace Backup.Core.Tests.Regression;

/// <summary>The paths that every row, block and entry takes.</summary>
internal static class AllocationScenarios
{
    private const int Mebibyte = 1024 * 1024;

    private static readonly byte[] Block = new DocsTable().MakeRows(Mebibyte)[..Mebibyte];
    private static readonly byte[] Page = Block[..(64 * 1024)];

    public static IReadOnlyList<AllocationScenario> All { get; } =
    [
        Pack("pack with zstd 3, bytes a MiB", new ZstandardCompressor(3)),
        Pack("pack with deflate 3, bytes a MiB", new DeflateCompressor()),
        Unpack("unpack zstd, bytes a MiB", new ZstandardCompressor()),
        Unpack("unpack deflate, bytes a MiB", new DeflateCompressor()),
        new("append an entry to an archive with its index, bytes an entry", 8000, AppendAsync),
        ReadIndex("read the index, bytes an entry"),
        new("count what nobody listens to, bytes a block", 1000, CountAsync),
        new("back up a table in memory, bytes a page", 512, BackUpAsync) { Tolerance = 0.1 },
    ];

    private static AllocationScenario Pack(string name, ICompressor compressor)
    {
        var packed = new byte[compressor.GetMaxCompressedBytes(Mebibyte)];
        return new AllocationScenario(name, 2, blocks =>
        {
            for (var block = 1; block <= blocks; block++)
            {
                compressor.Compress(Block, packed, isLast: block == blocks);
            }

            return Task.CompletedTask;
        });
    }

    private static AllocationScenario Unpack(string name, ICompressor compressor)
    {
        var packed = ArchiveBuilder.Pack(compressor, Block, isLast: false);
        var end = ArchiveBuilder.Pack(compressor, []);
        return new AllocationScenario(name, 2, async blocks =>
        {
            await using var raw = compressor.OpenDecompressor(
                new RepeatingStream(packed, blocks, compressor.Method == CompressionMethod.Deflate ? end : []));
            await raw.CopyToAsync(Stream.Null);
        });
    }

    private static async Task AppendAsync(int entries)
    {
        await using var writer = await WriteAsync(new DiscardingSink(), entries);
        await writer.CompleteAsync(CancellationToken.None);
    }

    private static AllocationScenario ReadIndex(string name)
    {
        // Written in the first round and read in all of them; the least of all rounds counts.
        var archives = new Dictionary<int, InMemorySink>();
        return new AllocationScenario(name, 8000, async entries =>
        {
            if (!archives.TryGetValue(entries, out var sink))
            {
                archives[entries] = sink = new InMemorySink();
                await using var writer = await WriteAsync(sink, entries);
                await writer.CommitAsync();
            }

            var reader = await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None);
            await foreach (var _ in reader.ReadIndexAsync(string.Empty, CancellationToken.None))
            {
            }
        });
    }

    private static async Task<ArchiveWriter> WriteAsync(IBackupSink sink, int entries)
    {
        var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions());
        var content = ArchiveBuilder.ContentOf([]);
        for (var entry = 0; entry < entries; entry++)
        {
            var header = new EntryHeader(EntryPaths.Page("database/data/public.docs/", entry), null, CompressionMethod.None);
            await writer.AppendAsync(header, content, [], CancellationToken.None);
        }

        return writer;
    }

    private static Task CountAsync(int blocks)
    {
        using var telemetry = new RunTelemetry(BackupInstruments.For(null), TimeProvider.System);
        for (var block = 0; block < blocks; block++)
        {
            telemetry.AddRows(1, Mebibyte);
            telemetry.AddObjectBytes(Mebibyte);
            telemetry.AddStored(Mebibyte);
            telemetry.AddObject("bucket");
            telemetry.AddPage(telemetry.Now());
            BackupSpans.Start(BackupTelemetry.PageSpan)?.Dispose();
        }

        return Task.CompletedTask;
    }

    private static async Task BackUpAsync(int pages)
    {
        var table = new InMemoryTable("docs", [.. Enumerable.Repeat(Page, pages)]);
        var pipeline = new BackupPipelineBuilder()
            .UseSource(new InMemoryRowSource(table))
            .UseSink(new DiscardingSink())
            .UseCompressor(new NoCompressor())
            .ConfigureOptions(options =>
            {
                // One of each, and many small pages: how many buffers the run needed at its fullest moment differs from run to run, and
                // must be little against all pages.
                options.Connections = 1;
                options.CompressionWorkers = 1;
                options.MemoryBudgetBytes = Mebibyte;
                options.BlockBytes = Page.Length;
                options.PageBytes = Page.Length;
            })
            .Build();
        await pipeline.RunAsync(new BackupRequest());
    }
}
