using Backup.Core.Pipeline;
using Backup.Core.Tests.Pipeline.Fakes;

namespace Backup.Core.Tests.Pipeline.Incremental;

/// <summary>Incremental runs in several parts.</summary>
public sealed class ResumedIncrementalRowsTests
{
    private static readonly InMemoryTable Large = ResumedScene.Table("large", 6);
    private static readonly InMemoryTable Small = ResumedScene.Table("small", 2);

    // The one read of each page gives its bytes and finds its end.
    private const int ReadsOfLarge = 12;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_Resumed_KeepsReferencedTablesAndReadsTheRest(bool allowsMixed)
    {
        var scene = new ResumedScene { AllowsMixedTables = allowsMixed };
        var full = await scene.RunAsync(new InMemoryRowSource(Large, Small));
        scene.Run = null;
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        var changed = Large with { Blocks = [.. Large.Blocks[..5], InMemoryTable.Rows(77)] };

        var first = await scene.RunAsync(ResumedScene.Source(ReadsOfLarge + 1, scene.ReachDeadline, changed, Small), Incremental);
        Assert.Equal(BackupOutcome.Suspended, first.Outcome);
        var reads = 0;
        var result = await scene.RunAsync(new InMemoryRowSource(changed, Small) { OnRead = _ => reads++ }, Incremental);

        Assert.Equal(full.Id, result.Manifest!.Parent);
        await scene.AssertHoldsAsync(result, changed, Small);
        Assert.InRange(reads, 2, 4);
        Assert.Equal(full.Id, Assert.Single(result.Manifest.References!).Id);

        // Where the second table is read again from its beginning, the page that the first part referenced of it stays in its old folder.
        Assert.Equal(allowsMixed ? 7 : 8, result.Manifest.Totals.ReferencedEntries);
    }

    [Fact]
    public async Task RunAsync_MixedTable_GoesOnBehindTheReferencedPages()
    {
        var scene = new ResumedScene { AllowsMixedTables = true };
        await scene.RunAsync(new InMemoryRowSource(Large));
        scene.Run = null;
        scene.Time.Advance(TimeSpan.FromMinutes(1));

        var first = await scene.RunAsync(ResumedScene.Source(5, scene.ReachDeadline, Large), Incremental);
        Assert.Equal(BackupOutcome.Suspended, first.Outcome);
        var reads = 0;
        var result = await scene.RunAsync(new InMemoryRowSource(Large) { OnRead = _ => reads++ }, Incremental);

        await scene.AssertHoldsAsync(result, Large);
        Assert.Equal(6, reads);
        Assert.True(Assert.Single(result.Manifest!.Database!.Tables).Mixed);
        Assert.Equal(6, result.Manifest.Totals.ReferencedEntries);
    }

    private static BackupRequest Incremental(BackupRequest request) => request with { Incremental = true };
}
