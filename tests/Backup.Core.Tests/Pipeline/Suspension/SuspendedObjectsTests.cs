using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.Core.Verification;

namespace Backup.Core.Tests.Pipeline.Suspension;

public sealed class SuspendedObjectsTests
{
    private static BackupOptions OneAtATime() => new()
    {
        Connections = 1,
        CompressionWorkers = 1,
        Transfers = 1,
        BlockBytes = 4096,
        PageBytes = 64 * 1024,
        MemoryBudgetBytes = 256 * 1024,
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_DeadlineBetweenObjects_DownloadsEachOnce(bool isInDatabase)
    {
        var scene = SceneOf(isInDatabase);
        scene.Store!.Before = Before("b/03", scene.ReachDeadline);

        var first = await scene.RunAsync(SourceOf(scene));
        Assert.Equal(BackupOutcome.Suspended, first.Outcome);
        Assert.True(first.Remaining!.HasObjects);
        Assert.Equal(isInDatabase ? 6 : null, first.Remaining.Objects);
        Assert.Equal(4, first.Totals.Objects);

        scene.Store.Before = null;
        var result = await scene.RunAsync(SourceOf(scene));

        await AssertHoldsAsync(scene, result);
        Assert.Equal(10, scene.Store.Calls.Count(call => call.StartsWith("read ", StringComparison.Ordinal)));
        Assert.Equal((10L, 10L), (result.Manifest!.Storage!.Buckets[0].Listed, result.Buckets[0].Objects));
    }

    [Fact]
    public async Task RunAsync_DownloadHangsPastTheDeadline_IsDroppedAndTriedAgain()
    {
        var scene = SceneOf(isInDatabase: true);
        scene.Store!.Before = async (verb, subject, token) =>
        {
            if ((verb, subject) == ("read", "b/05"))
            {
                scene.PassDeadline();
                await Task.Delay(Timeout.Infinite, token);
            }
        };

        Assert.Equal(5, (await scene.RunAsync(SourceOf(scene))).Totals.Objects);
        scene.Store.Before = null;

        await AssertHoldsAsync(scene, await scene.RunAsync(SourceOf(scene)));
    }

    [Fact]
    public async Task RunAsync_ObjectsChangedBetweenParts_KeepsThoseThatWereStored()
    {
        var scene = SceneOf(isInDatabase: true);
        var store = scene.Store!;
        store.Before = Before("b/03", scene.ReachDeadline);
        await scene.RunAsync(SourceOf(scene));
        store.Before = null;
        var kept = store.ContentOf("b", "00");
        StoreScene.Set(store, "b", "00", StoreScene.Content(100, 50));
        store.Remove("b", "01");
        StoreScene.Set(store, "b", "07", StoreScene.Content(107, 77));
        store.Remove("b", "08");
        StoreScene.Set(store, "b", "02/new", StoreScene.Content(3, 30));

        var result = await scene.RunAsync(SourceOf(scene));

        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        var held = await StoreScene.ReadAsync(scene.Sink, result);
        Assert.Equal(["00", "01", "02", "02/new", "03", "04", "05", "06", "07", "09"], held.Keys.Select(key => key[2..]).Order(StringComparer.Ordinal));
        Assert.Equal(kept, held["b/00"].Bytes);
        Assert.Equal(store.ContentOf("b", "07"), held["b/07"].Bytes);
        Assert.Equal((10L, 10L), (result.Manifest!.Storage!.Buckets[0].Listed, result.Manifest.Storage.Buckets[0].Objects));
        Assert.Empty((await new BackupVerifier(scene.Sink).VerifyAsync(result.Id)).Findings);
    }

    [Fact]
    public async Task RunAsync_BucketGoneBetweenParts_KeepsWhatWasStoredOfIt()
    {
        var scene = SceneOf(isInDatabase: true);
        scene.Store!.Before = Before("b/03", scene.ReachDeadline);
        await scene.RunAsync(SourceOf(scene));
        var other = StoreScene.Store("c");
        StoreScene.Set(other, "c", "only", StoreScene.Content(1, 10));
        var later = new ResumedScene { Sink = scene.Sink, Options = OneAtATime(), Run = scene.Run, Store = other };

        var result = await later.RunAsync(SourceOf(later));

        Assert.Equal(["b", "c"], result.Manifest!.Storage!.Buckets.Select(bucket => bucket.Id));
        Assert.Equal([4L, 1L], result.Manifest.Storage.Buckets.Select(bucket => bucket.Objects));
        Assert.Empty((await new BackupVerifier(scene.Sink).VerifyAsync(result.Id)).Findings);
    }

    [Fact]
    public async Task RunAsync_ObjectThatFailed_IsTriedAgainByTheNextPart()
    {
        var scene = SceneOf(isInDatabase: true);
        scene.Store!.Before = (verb, subject, _) =>
        {
            if ((verb, subject) == ("read", "b/05"))
            {
                scene.ReachDeadline();
            }

            return (verb, subject) == ("read", "b/02") ? Task.FromException(StoreScene.Refused()) : Task.CompletedTask;
        };
        var first = await scene.RunAsync(SourceOf(scene));
        Assert.Equal("b/02", Assert.Single(first.Failures).Subject);
        scene.Store.Before = null;

        await AssertHoldsAsync(scene, await scene.RunAsync(SourceOf(scene)));
    }

    private static ResumedScene SceneOf(bool isInDatabase)
    {
        var store = StoreScene.Store(
            new ObjectStoreCapabilities { Location = "memory", ListsUserMetadata = true, IsListedInDatabase = isInDatabase }, "b");
        for (var number = 0; number < 10; number++)
        {
            StoreScene.Set(store, "b", $"{number:D2}", StoreScene.Content(number, 1000 + number));
        }

        return new ResumedScene { Options = OneAtATime(), Store = store };
    }

    private static InMemoryRowSource? SourceOf(ResumedScene scene) =>
        scene.Store!.Capabilities.IsListedInDatabase ? new InMemoryRowSource { Objects = scene.Store } : null;

    private static Func<string, string, CancellationToken, Task> Before(string name, Action move) => (verb, subject, _) =>
    {
        if ((verb, subject) == ("read", name))
        {
            move();
        }

        return Task.CompletedTask;
    };

    private static async Task AssertHoldsAsync(ResumedScene scene, BackupResult result)
    {
        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        await StoreScene.AssertHoldsAsync(new RunScene { Store = scene.Store, Sink = scene.Sink }, result, scene.Store!.Objects);
        Assert.Empty((await new BackupVerifier(scene.Sink).VerifyAsync(result.Id)).Findings);
    }
}
