using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Pipeline;
using Backup.Core.Postgres.Schema;
using Backup.Core.Tests.Pipeline.Fakes;

namespace Backup.Core.Tests.Pipeline;

public sealed class BackupRunTests
{
    private const int BlockBytes = 4096;

    [Theory]
    [InlineData("zstd")]
    [InlineData("deflate")]
    [InlineData("none")]
    public async Task ExecuteAsync_OfSeveralTables_HoldsTheirRows(string codec)
    {
        InMemoryTable[] tables =
        [
            new("large", InMemoryTable.Rows(900, 100), InMemoryTable.Rows(10, 4096), InMemoryTable.Rows(1, 50_000)),
            new("exact", InMemoryTable.Rows(1, BlockBytes), InMemoryTable.Rows(2, BlockBytes)),
            new("gaps", [], InMemoryTable.Rows(3, 7), []),
            new("without_pages"),
            new("whole", InMemoryTable.Rows(500, 300)) { IsWhole = true },
            new("empty_whole", [[]]) { IsWhole = true },
        ];
        var scene = new RunScene
        {
            Source = new InMemoryRowSource(tables),
            Options = Small(pageBytes: 64 * 1024),
            Compressor = Compressors.Create(codec),
        };

        var result = await scene.RunAsync();

        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        await scene.AssertHoldsAsync(result, tables);
        Assert.Equal(tables.Sum(table => table.RowCount), result.Totals.Rows);
    }

    [Fact]
    public async Task ExecuteAsync_RelationReadWhole_IsCutAtEndsOfRows()
    {
        var table = new InMemoryTable("whole", InMemoryTable.Rows(5000, 101)) { IsWhole = true };
        var scene = new RunScene { Source = new InMemoryRowSource(table), Options = Small(pageBytes: 64 * 1024) };

        var result = await scene.RunAsync();

        await scene.AssertHoldsAsync(result, table);
        Assert.Equal(8, result.Tables[0].Pages);
        var reader = await ArchiveReader.OpenAsync(scene.Sink, result.Id, CancellationToken.None);
        await foreach (var entry in reader.ReadIndexAsync("database/data/", CancellationToken.None))
        {
            Assert.Equal(0, entry.RawBytes % 101);
            Assert.InRange(entry.RawBytes, 101, (64 * 1024) + BlockBytes);
        }
    }

    [Fact]
    public async Task ExecuteAsync_RelationThatEndsWhereAnEntryIsCut_HasNoEmptyEntry()
    {
        var table = new InMemoryTable("whole", InMemoryTable.Rows(16, BlockBytes)) { IsWhole = true };
        var scene = new RunScene { Source = new InMemoryRowSource(table), Options = Small(pageBytes: 16 * BlockBytes) };

        var result = await scene.RunAsync();

        Assert.Equal(1, result.Tables[0].Pages);
        await scene.AssertHoldsAsync(result, table);
    }

    [Fact]
    public async Task ExecuteAsync_RowLargerThanItsShare_IsStreamed()
    {
        var table = new InMemoryTable("wide", InMemoryTable.Rows(10, 3_000_000, 10), InMemoryTable.Rows(40, 5000))
        {
            IsWhole = false,
        };
        var scene = new RunScene { Source = new InMemoryRowSource(table), Options = Small(pageBytes: 64 * 1024) };

        var result = await scene.RunAsync();

        await scene.AssertHoldsAsync(result, table);
        Assert.InRange(result.Memory.PeakBufferBytes, 1, 200_000);
    }

    [Fact]
    public async Task ExecuteAsync_ReadsThatComeInSmallPieces_FillBlocks()
    {
        var table = new InMemoryTable("table", InMemoryTable.Rows(900, 33));
        var scene = new RunScene
        {
            Source = new InMemoryRowSource(table) { MaxReadBytes = 17 },
            Options = Small(pageBytes: 64 * 1024),
        };

        await scene.AssertHoldsAsync(await scene.RunAsync(), table);
    }

    [Fact]
    public async Task ExecuteAsync_Always_PutsTheGuideFirstAndTheLoadScriptLast()
    {
        var scene = new RunScene { Source = new InMemoryRowSource(new InMemoryTable("t", InMemoryTable.Rows(3, 9))) };

        var result = await scene.RunAsync();

        var reader = await ArchiveReader.OpenAsync(scene.Sink, result.Id, CancellationToken.None);
        var inOrder = await reader.ReadVolumeIndexAsync(1, CancellationToken.None)
            .OrderBy(entry => entry.Offset).Select(entry => entry.Path).ToListAsync();
        Assert.Equal("RESTORE.md", inOrder[0]);
        Assert.Equal(
            ["database/data/public.t/000001.copy", "database/post-data.sql", "database/pre-data.sql", "database/toc.json"],
            inOrder[1..^1].Order(StringComparer.Ordinal));
        Assert.Equal("database/load-data.sql", inOrder[^1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ExecuteAsync_SchemaLargerThanTheBudget_IsStoredBesideTheRows(int connections)
    {
        var schema = new DatabaseSchema([.. Enumerable.Range(1, 800).Select(id => new TocEntry
        {
            Id = id,
            Section = id % 2 == 0 ? TocSection.PostData : TocSection.PreData,
            Kind = "FUNCTION",
            Name = $"f{id}()",
            Create = $"CREATE FUNCTION f{id}() RETURNS int RETURN {new string('1', 1000)};\n",
        })]);
        var table = new InMemoryTable("t", [.. Enumerable.Range(0, 20).Select(_ => InMemoryTable.Rows(100, 1000))]);
        var options = Small(pageBytes: 64 * 1024);
        options.Connections = connections;
        var scene = new RunScene { Source = new InMemoryRowSource(table) { Schema = schema }, Options = options };

        var result = await scene.RunAsync();

        await scene.AssertHoldsAsync(result, table);
        var reader = await ArchiveReader.OpenAsync(scene.Sink, result.Id, CancellationToken.None);
        var toc = await reader.FindAsync(EntryPaths.Toc, CancellationToken.None);
        await using var stream = await reader.OpenEntryAsync(toc!, CancellationToken.None);
        var stored = await TocFile.ReadAsync(stream, CancellationToken.None);
        Assert.Equal(schema.Entries.Select(entry => entry.Create), stored.Entries.Select(entry => entry.Create));
    }

    [Fact]
    public async Task ExecuteAsync_VolumeLimit_MakesSeveralVolumes()
    {
        var table = new InMemoryTable("t", [.. Enumerable.Range(0, 5).Select(_ => InMemoryTable.Rows(600, 1000))]);
        var options = Small(pageBytes: 64 * 1024);
        options.VolumeBytes = 1024 * 1024;
        options.MemoryBudgetBytes = null;
        var scene = new RunScene { Source = new InMemoryRowSource(table), Options = options };

        var result = await scene.RunAsync();

        Assert.True(result.Manifest!.Volumes.Count > 2);
        await scene.AssertHoldsAsync(result, table);
    }

    private static BackupOptions Small(long pageBytes) => new()
    {
        Connections = 2,
        CompressionWorkers = 2,
        BlockBytes = BlockBytes,
        PageBytes = pageBytes,
        MemoryBudgetBytes = 128 * 1024,
    };
}
