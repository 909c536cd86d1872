using Backup.Core.Pipeline;
using Backup.Core.Tests.Pipeline.Fakes;

namespace Backup.Core.Tests.Pipeline.Incremental;

/// <summary>What a preview says of the rows is what the backup then does.</summary>
public sealed class RowsPreviewTests
{
    [Fact]
    public async Task ExecuteAsync_Preview_CountsWhatTheBackupThenStores()
    {
        for (var seed = 1; seed <= 25; seed++)
        {
            // Room for whole pages: what has to be streamed is never reused.
            var scene = new ChangingRowsScene { Options = new BackupOptions { Connections = 2, CompressionWorkers = 1, BlockBytes = 4096, PageBytes = 64 * 1024, PageBlocks = 2, MemoryBudgetBytes = 8 * 1024 * 1024 } };
            var world = new ChangingTables(seed).Draw();
            await scene.FullAsync(world.Now);
            world.Change();
            world.Change();
            var before = await RunScene.NamesAsync(scene.Sink);

            var preview = await scene.IncrementalAsync(new InMemoryRowSource(world.Now), request => request with { IsPreview = true });

            Assert.Equal(before, await RunScene.NamesAsync(scene.Sink));
            var result = await scene.IncrementalAsync(world.Now);
            Assert.Equal(result.Tables.Select(Counts), preview.Tables.Select(Counts));
        }
    }

    [Fact]
    public async Task ExecuteAsync_PreviewWithoutAnythingToBuildOn_CountsAllAsNew()
    {
        var table = new InMemoryTable("t", InMemoryTable.Rows(10, 100), InMemoryTable.Rows(3, 30_000));
        var scene = new ChangingRowsScene();

        var preview = await scene.IncrementalAsync(new InMemoryRowSource(table), request => request with { IsPreview = true });

        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
        Assert.Equal((2, 13, 91_000, 0), (preview.Tables[0].Pages, preview.Tables[0].Rows, preview.Tables[0].RawBytes, preview.Tables[0].ReusedPages));
    }

    private static (string Name, int Pages, long Rows, long RawBytes, int ReusedPages, long ReusedBytes) Counts(TableResult table) =>
        (table.Table.Name, table.Pages, table.Rows, table.RawBytes, table.ReusedPages, table.ReusedBytes);
}
