using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.Tests.Pipeline.Fakes;

namespace Backup.Core.Tests.Pipeline.Suspension;

/// <summary>Runs that may go on in the middle of a table.</summary>
public sealed class MixedTablesTests
{
    private static readonly InMemoryTable Large = ResumedScene.Table("large", 6);

    [Fact]
    public async Task RunAsync_MixedTablesAllowed_GoesOnBehindTheStoredPages()
    {
        var scene = new ResumedScene { AllowsMixedTables = true };
        await scene.RunAsync(ResumedScene.Source(5, scene.ReachDeadline, Large));
        var reads = 0;

        var result = await scene.RunAsync(new InMemoryRowSource(Large) { OnRead = _ => reads++ });

        await scene.AssertHoldsAsync(result, Large);
        Assert.Equal(6, reads);
        Assert.True(Assert.Single(result.Manifest!.Database!.Tables).Mixed);
        Assert.Null(result.Manifest.Superseded);
    }

    [Theory]
    [InlineData("another table", 1u)]
    [InlineData("as ever", 2u)]
    public async Task RunAsync_TableReplacedBeforeItIsMixed_IsReadAgain(string fingerprint, uint file)
    {
        var scene = new ResumedScene { AllowsMixedTables = true };
        await scene.RunAsync(ResumedScene.Source(5, scene.ReachDeadline, Large));
        var replaced = Large with { Fingerprint = fingerprint, RelationFile = file };

        var result = await scene.RunAsync(new InMemoryRowSource(replaced));

        await scene.AssertHoldsAsync(result, replaced);
        var record = Assert.Single(result.Manifest!.Database!.Tables);
        Assert.Equal(("database/data/public.large~2/", false), (record.Path, record.Mixed));
        Assert.Equal(["database/data/public.large/"], result.Manifest.Superseded!);
    }

    [Fact]
    public async Task RunAsync_CheckpointsCouldNotTellOfAllPages_ReadsTheTableAgain()
    {
        var scene = new ResumedScene { AllowsMixedTables = true, Options = { VolumeBytes = 1 } };
        var table = new InMemoryTable("large", [.. Enumerable.Repeat(InMemoryTable.Rows(1000), 300)]);
        var first = new InMemoryRowSource(table);
        first.OnRead = number =>
        {
            // Behind pages that checkpoints tell of there are some that none does.
            first.IsCoordinatorBusy = number >= 200;
            if (number == 500)
            {
                throw new DatabaseException("The server went away.");
            }
        };
        await Assert.ThrowsAsync<DatabaseException>(() => scene.RunAsync(first));
        var names = await RunScene.NamesAsync(scene.Sink);
        Assert.True(BackupId.TryParse(names[0].Split('/')[0], out var id));
        scene.Run = id;

        var result = await scene.RunAsync(new InMemoryRowSource(table));

        await scene.AssertHoldsAsync(result, table);
        var record = Assert.Single(result.Manifest!.Database!.Tables);
        Assert.Equal(("database/data/public.large~2/", false), (record.Path, record.Mixed));
        Assert.Equal(["database/data/public.large/"], result.Manifest.Superseded!);
    }
}
