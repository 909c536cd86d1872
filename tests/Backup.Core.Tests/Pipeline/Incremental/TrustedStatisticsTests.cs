using Backup.Core.Pipeline;
using Backup.Core.Tests.Pipeline.Fakes;

namespace Backup.Core.Tests.Pipeline.Incremental;

/// <summary>Tables that are not read because the server's statistics say that nothing was written to them.</summary>
public sealed class TrustedStatisticsTests
{
    private static readonly InMemoryTable Table = new("t", [.. Enumerable.Range(0, 5).Select(block => InMemoryTable.Rows(10, 100 + block))])
    {
        Writes = InMemoryTable.Written(50),
    };

    [Fact]
    public async Task ExecuteAsync_StatisticsAreTheSame_ReadsNothingAndHoldsAll()
    {
        var scene = new ChangingRowsScene();
        await scene.IncrementalAsync(Table);
        var reads = 0;

        var result = await TrustAsync(scene, new InMemoryRowSource(Table) { OnRead = _ => reads++ });

        Assert.Equal(0, reads);
        await scene.AssertHoldsAsync(result, Table);
        Assert.Equal((5, 5, false), (Assert.Single(result.Tables).Pages, result.Tables[0].ReusedPages, result.Tables[0].WasRead));
        Assert.Equal(1, Assert.Single(result.Manifest!.Database!.Tables).PageBlocks);
    }

    [Fact]
    public async Task ExecuteAsync_NotAskedToTrust_ReadsAll()
    {
        var scene = new ChangingRowsScene();
        await scene.IncrementalAsync(Table);
        var reads = 0;

        var result = await scene.IncrementalAsync(new InMemoryRowSource(Table) { OnRead = _ => reads++ });

        Assert.Equal(10, reads);
        Assert.True(Assert.Single(result.Tables).WasRead);
    }

    [Theory]
    [InlineData("another row")]
    [InlineData("another epoch")]
    [InlineData("another file")]
    [InlineData("other columns")]
    [InlineData("nothing known")]
    [InlineData("nothing known before")]
    public async Task ExecuteAsync_AnythingSpeaksAgainstIt_ReadsTheTable(string change)
    {
        var after = change switch
        {
            "another row" => Table with { Writes = Table.Writes! with { Updated = 1 } },
            "another epoch" => Table with { Writes = Table.Writes! with { Epoch = "2" } },
            "another file" => Table with { RelationFile = 2 },
            "other columns" => Table with { Fingerprint = "other" },
            "nothing known" => Table with { Writes = null },
            _ => Table,
        };
        var scene = new ChangingRowsScene();
        await scene.IncrementalAsync(change == "nothing known before" ? Table with { Writes = null } : Table);
        var changed = after with { Blocks = [.. Table.Blocks[..4], InMemoryTable.Rows(1, 7)] };

        var result = await TrustAsync(scene, new InMemoryRowSource(changed));

        await scene.AssertHoldsAsync(result, changed);
        Assert.Equal(4, Assert.Single(result.Tables).ReusedPages);
    }

    [Fact]
    public async Task ExecuteAsync_TrustedAgainAndAgain_ReferencesTheBackupThatReadIt()
    {
        var scene = new ChangingRowsScene();
        var first = await scene.IncrementalAsync(Table);
        await TrustAsync(scene, new InMemoryRowSource(Table));

        var result = await TrustAsync(scene, new InMemoryRowSource(Table));

        await scene.AssertHoldsAsync(result, Table);
        Assert.All((await scene.PagesAsync(result)).Values, page => Assert.Equal(first.Id, page.Backup));
    }

    [Fact]
    public async Task ExecuteAsync_EmptyTable_IsTrustedToo()
    {
        var table = new InMemoryTable("empty") { Writes = InMemoryTable.Written(0) };
        var scene = new ChangingRowsScene();
        await scene.IncrementalAsync(table);

        var result = await TrustAsync(scene, new InMemoryRowSource(table));

        await scene.AssertHoldsAsync(result, table);
        Assert.False(Assert.Single(result.Tables).WasRead);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ExecuteAsync_TableWhoseRowsMayChangeUncounted_IsRead(bool isOfAnotherAccessMethod)
    {
        var table = new InMemoryTable("t", InMemoryTable.Rows(3000, 100))
        {
            IsWhole = isOfAnotherAccessMethod,
            Condition = isOfAnotherAccessMethod ? null : "id NOT IN (SELECT id FROM other)",
            Writes = InMemoryTable.Written(3000),
        };
        var changed = table with { Blocks = [InMemoryTable.Rows(2999, 100)] };
        var scene = new ChangingRowsScene();
        await scene.IncrementalAsync(table);

        var result = await TrustAsync(scene, new InMemoryRowSource(changed));

        await scene.AssertHoldsAsync(result, changed);
        Assert.True(Assert.Single(result.Tables).WasRead);
    }

    private static Task<BackupResult> TrustAsync(ChangingRowsScene scene, InMemoryRowSource source) =>
        scene.IncrementalAsync(source, request => request with { TrustStatistics = true });
}
