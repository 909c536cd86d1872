using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Tests.Pipeline.Fakes;
using CsCheck;

namespace Backup.Core.Tests.Pipeline.Incremental;

/// <summary>What of the rows an incremental backup stores, and that it holds all of them.</summary>
public sealed class IncrementalRowsTests
{
    private const int BlockBytes = 4096;

    private static readonly Gen<(int Connections, int Workers, int SpareBytes, int PageBlocks, bool IsPacked)> Shape =
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[0, 90_000], Gen.Int[0, 2].Select(power => 1 << power), Gen.Bool);

    [Fact]
    public async Task ExecuteAsync_RandomChanges_EachBackupHoldsTheRowsOfItsTimeAndNothingTwice() =>
        await Gen.Select(Gen.Int[1, 1_000_000], Shape).SampleAsync(
            async (seed, shape) =>
            {
                ICompressor compressor = shape.IsPacked ? new DeflateCompressor(1) : new NoCompressor();
                var sizes = new EntrySizes(BlockBytes, Math.Max(BlockBytes, compressor.GetMaxCompressedBytes(BlockBytes)));
                var scene = new ChangingRowsScene
                {
                    Compressor = compressor,
                    Options = new BackupOptions
                    {
                        Connections = shape.Connections,
                        CompressionWorkers = shape.Workers,
                        BlockBytes = BlockBytes,
                        PageBytes = 64 * 1024,
                        PageBlocks = shape.PageBlocks,
                        MemoryBudgetBytes = ResourcePlan.MinimumBudgetBytes(shape.Connections, 0, shape.Workers, sizes) + shape.SpareBytes,
                    },
                };
                var world = new ChangingTables(seed).Draw();
                List<(BackupResult Result, InMemoryTable[] Tables)> made = [(await scene.FullAsync(world.Now), world.Now)];

                for (var round = 0; round < 4; round++)
                {
                    world.Change();
                    made.Add((await scene.IncrementalAsync(world.Now), world.Now));
                    await AssertStoresOnlyChangesAsync(scene, made[^2].Result, made[^1].Result, world.Now);
                }

                foreach (var (result, tables) in made)
                {
                    await scene.AssertHoldsAsync(result, tables);
                }
            },
            iter: 60,
            threads: 2);

    [Fact]
    public async Task ExecuteAsync_NothingChanged_StoresNoPage()
    {
        InMemoryTable[] tables =
        [
            new("large", [.. Enumerable.Range(0, 20).Select(block => InMemoryTable.Rows(100, 50 + block))]),
            new("wide", InMemoryTable.Rows(1, 500_000)),
            new("whole", InMemoryTable.Rows(3000, 100)) { IsWhole = true },
            new("empty"),
        ];
        var scene = new ChangingRowsScene { Options = Roomy() };
        var full = await scene.FullAsync(tables);

        var result = await scene.IncrementalAsync(tables);

        await scene.AssertHoldsAsync(result, tables);
        Assert.Equal(full.Tables.Select(table => (table.Pages, table.RawBytes)), result.Tables.Select(table => (table.ReusedPages, table.ReusedBytes)));
        Assert.All((await scene.PagesAsync(result)).Values, page => Assert.Equal(full.Id, page.Backup));
    }

    [Fact]
    public async Task ExecuteAsync_UponAnIncremental_NamesTheBackupsThatHoldTheBytes()
    {
        var first = InMemoryTable.Rows(10, 100);
        var second = InMemoryTable.Rows(11, 100);
        var third = InMemoryTable.Rows(12, 100);
        var scene = new ChangingRowsScene();
        var full = await scene.FullAsync(new InMemoryTable("t", first, first));
        var incremental = await scene.IncrementalAsync(new InMemoryTable("t", first, second));

        var result = await scene.IncrementalAsync(new InMemoryTable("t", first, second, third));

        Assert.Equal(
            [full.Id, incremental.Id, (BackupId?)null],
            (await scene.PagesAsync(result)).OrderBy(page => page.Key, StringComparer.Ordinal).Select(page => page.Value.Backup));
        await scene.AssertHoldsAsync(result, new InMemoryTable("t", first, second, third));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task ExecuteAsync_PageThatNoShareHolds_IsReadTwiceOnlyWhenItChanged(bool isChanged, int times)
    {
        const int Bytes = 400_000;
        var scene = new ChangingRowsScene();
        await scene.FullAsync(new InMemoryTable("t", InMemoryTable.Rows(1, Bytes)));
        var table = new InMemoryTable("t", InMemoryTable.Rows(isChanged ? [Bytes - 1, 1] : [Bytes]));
        var reads = 0;

        var result = await scene.IncrementalAsync(new InMemoryRowSource(table) { OnRead = _ => reads++ });

        await scene.AssertHoldsAsync(result, table);
        Assert.Equal(isChanged ? 0 : 1, Assert.Single(result.Tables).ReusedPages);
        Assert.Equal(times * ((Bytes / BlockBytes) + 2), reads);
    }

    [Fact]
    public async Task ExecuteAsync_PageFailsWhileItIsKeptBack_IsReadAgainAndCountedOnce()
    {
        var table = new InMemoryTable("t", InMemoryTable.Rows(100, 100), InMemoryTable.Rows(100, 110));
        var scene = new ChangingRowsScene { Options = Roomy() };
        await scene.FullAsync(table);
        var failing = table with { FailingBlock = 2, FailsTransiently = true, Failures = new FailureCount(1) };

        var result = await scene.IncrementalAsync(failing);

        await scene.AssertHoldsAsync(result, table);
        Assert.Equal(2, Assert.Single(result.Tables).ReusedPages);
    }

    [Fact]
    public async Task ExecuteAsync_TableFailsAmidPages_LeavesItOutAndGoesOn()
    {
        var failing = new InMemoryTable("failing", InMemoryTable.Rows(100, 100), InMemoryTable.Rows(100, 110), InMemoryTable.Rows(5, 5));
        var table = new InMemoryTable("t", InMemoryTable.Rows(10, 100));
        var scene = new ChangingRowsScene { Failures = new FailurePolicy { Tables = FailureLimit.Continue } };
        await scene.FullAsync(failing, table);

        var result = await scene.IncrementalAsync(failing with { FailingBlock = 2 }, table);

        await scene.AssertHoldsAsync(result, table);
        Assert.Equal("public.failing", Assert.Single(result.Failures).Subject);
    }

    [Fact]
    public async Task ExecuteAsync_OtherPageSizeAskedFor_StillCutsAsTheParent()
    {
        var table = new InMemoryTable("t", [.. Enumerable.Range(0, 8).Select(block => InMemoryTable.Rows(10, 100 + block))]);
        var scene = new ChangingRowsScene();
        await scene.FullAsync(table);
        scene.Options.PageBlocks = 4;

        var result = await scene.IncrementalAsync(table);

        Assert.Equal((8, 8), (Assert.Single(result.Tables).Pages, result.Tables[0].ReusedPages));
        Assert.Equal(1, Assert.Single(result.Manifest!.Database!.Tables).PageBlocks);
    }

    [Fact]
    public async Task ExecuteAsync_RenamedTable_IsComparedWithWhatItWas()
    {
        var table = new InMemoryTable("before", InMemoryTable.Rows(10, 100)) { Writes = InMemoryTable.Written(1) };
        var scene = new ChangingRowsScene();
        await scene.IncrementalAsync(table);

        var result = await scene.IncrementalAsync(table with { Name = "after" });

        Assert.Equal(1, Assert.Single(result.Tables).ReusedPages);
        await scene.AssertHoldsAsync(result, table with { Name = "after" });
    }

    private static BackupOptions Roomy() => new()
    {
        Connections = 2,
        CompressionWorkers = 2,
        BlockBytes = BlockBytes,
        PageBytes = 64 * 1024,
        PageBlocks = 1,
        MemoryBudgetBytes = 4 * 1024 * 1024,
        Retries = { BaseDelay = TimeSpan.Zero },
    };

    // Of a table that is read by ranges a page that is the same is never stored, however little memory there is.
    private static async Task AssertStoresOnlyChangesAsync(ChangingRowsScene scene, BackupResult parent, BackupResult result, InMemoryTable[] tables)
    {
        var before = await scene.PagesAsync(parent);
        var after = await scene.PagesAsync(result);
        foreach (var record in result.Manifest!.Database!.Tables)
        {
            var was = parent.Manifest!.Database!.Tables.FirstOrDefault(table => table.Name == record.Name);
            var same = Enumerable.Range(1, was is null || was.PageBlocks != record.PageBlocks ? 0 : Math.Min(was.Pages, record.Pages))
                .Select(number => (Before: before[EntryPaths.Page(was!.Path, number)], After: after[EntryPaths.Page(record.Path, number)]))
                .Where(page => (page.Before.RawBytes, page.Before.Digest) == (page.After.RawBytes, page.After.Digest))
                .ToList();
            var counted = result.Tables.Single(table => table.Table.Name == record.Name);
            Assert.Equal(counted.ReusedPages, after.Count(page => page.Key.StartsWith(record.Path, StringComparison.Ordinal) && page.Value.Backup is not null));
            if (tables.Single(table => table.Name == record.Name).IsWhole)
            {
                Assert.InRange(counted.ReusedPages, 0, same.Count);
            }
            else
            {
                Assert.Equal((same.Count, same.Sum(page => page.After.RawBytes)), (counted.ReusedPages, counted.ReusedBytes));
            }
        }
    }
}
