using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Storage;
using Backup.TestKit.Streams;

namespace Backup.Core.Tests.Pipeline;

/// <summary>What is not as it was listed is reported, and too much of it ends the run.</summary>
public sealed class BackupRunObjectReportTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ExecuteAsync_ObjectsChangeAfterTheListing_AreReportedAndNotMixedIn(bool isInDatabase)
    {
        var scene = StoreScene.Beside(isInDatabase: isInDatabase);
        var store = scene.Store!;
        var before = StoreScene.ObjectsOf(store, "b");
        OnceBeforeTheFirstDownload(store, () =>
        {
            StoreScene.Set(store, "b", "large", StoreScene.Content(9, StoreScene.LargeBytes));
            StoreScene.Set(store, "b", "middle", StoreScene.Content(9, 10));
            store.Remove("b", "small");
            StoreScene.Set(store, "b", "added", [1, 2, 3]);
        });

        var result = await scene.RunAsync();

        Assert.Equal(["b/large", "b/middle", "b/small"], result.Failures.Select(failure => failure.Subject));
        Assert.Contains("changed after it was listed", result.Failures[0].Reason, StringComparison.Ordinal);
        Assert.Equal(BackupOutcome.CompletedWithFailures, result.Outcome);
        await StoreScene.AssertHoldsAsync(scene, result, before.Where(item => item.Name == "other"));
    }

    [Fact]
    public async Task ExecuteAsync_ObjectChangesWhileItIsRead_IsReported()
    {
        var scene = StoreScene.Beside();
        var store = scene.Store!;
        store.OnRead = (_, name, stream) => name != "large" ? stream : new ThrowingStream(stream, 200_000, () =>
        {
            StoreScene.Set(store, "b", "large", StoreScene.Content(9, StoreScene.LargeBytes));
            return StoreScene.Busy();
        });

        var result = await scene.RunAsync();

        Assert.Equal("b/large", Assert.Single(result.Failures).Subject);
        Assert.DoesNotContain("b/large", (await StoreScene.ReadAsync(scene.Sink, result)).Keys);
    }

    [Fact]
    public async Task ExecuteAsync_ObjectVanishesForAWhile_IsTriedAgainAtTheEnd()
    {
        var scene = StoreScene.Beside();
        var isFirst = true;
        scene.Store!.Before = (verb, subject, _) =>
        {
            if (verb == "read" && subject == "b/small" && isFirst)
            {
                isFirst = false;
                throw new ObjectStoreException("not there") { Error = ObjectStoreError.ObjectNotFound };
            }

            return Task.CompletedTask;
        };

        Assert.Equal(BackupOutcome.Complete, (await scene.RunAsync()).Outcome);
    }

    [Fact]
    public async Task ExecuteAsync_DefiniteRefusal_IsNotTriedAgain()
    {
        var scene = StoreScene.Beside();
        var tries = 0;
        scene.Store!.Before = (verb, subject, _) =>
        {
            if (verb == "read" && subject == "b/small")
            {
                tries++;
                throw StoreScene.Refused();
            }

            return Task.CompletedTask;
        };

        var result = await scene.RunAsync();

        Assert.Equal("refused", Assert.Single(result.Failures).Reason);
        Assert.Equal(1, tries);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(3, false)]
    [InlineData(0, false)]
    public async Task ExecuteAsync_MoreFailuresThanAllowed_FailsAndLeavesNothing(int allowed, bool succeeds)
    {
        var scene = StoreScene.Beside();
        scene.Failures = new FailurePolicy { Objects = FailureLimit.AtMost(allowed) };
        scene.Store!.Before = (verb, _, _) => verb == "read" ? throw StoreScene.Refused() : Task.CompletedTask;

        if (succeeds)
        {
            Assert.Equal(4, (await scene.RunAsync()).Failures.Count);
            return;
        }

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.RunAsync());

        Assert.Contains("refused", exception.Message, StringComparison.Ordinal);
        Assert.Equal("Download", exception.Stage);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task ExecuteAsync_NamesAndMetadataThatTheIndexCannotHold_AreRecorded()
    {
        var store = StoreScene.Store("b");
        StoreScene.Set(store, "b", "long", [1], item => item with { UserMetadata = $$"""{"a":"{{new string('x', 70_000)}}"}""" });
        StoreScene.Set(store, "b", "half \ud800", [1]);
        StoreScene.Set(store, "b", new string('n', 70_000), [1]);
        StoreScene.Set(store, "b", "good", [1]);
        var scene = StoreScene.Alone(store);

        var result = await scene.RunAsync();

        Assert.Equal(3, result.Failures.Count);
        Assert.Equal(["b/good"], (await StoreScene.ReadAsync(scene.Sink, result)).Keys);
    }

    [Theory]
    [InlineData("list-buckets")]
    [InlineData("list")]
    public async Task ExecuteAsync_ListingFails_FailsTheRun(string listing)
    {
        var scene = StoreScene.Beside(isInDatabase: false);
        scene.Store!.Before = (verb, _, _) => verb == listing
            ? throw new ObjectStoreException("no rights") { Error = ObjectStoreError.AccessDenied }
            : Task.CompletedTask;

        Assert.Equal("no rights", (await Assert.ThrowsAsync<ObjectStoreException>(() => scene.RunAsync())).Message);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task ExecuteAsync_ListingNamesAnObjectTwice_Fails()
    {
        var scene = StoreScene.Beside();
        scene.Source = new InMemoryRowSource { Objects = scene.Store, ListsTwice = true };

        Assert.Contains("twice", (await Assert.ThrowsAsync<ObjectStoreException>(() => scene.RunAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_ListingIsShorterThanTheCount_FailsAndSaysSo()
    {
        var scene = StoreScene.Beside();
        scene.Source = new InMemoryRowSource { Objects = scene.Store, LosesObjects = true };

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.RunAsync());

        Assert.Contains("the snapshot counts 4 objects, but its listing gave 3", exception.Message, StringComparison.Ordinal);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task ExecuteAsync_StoreShowsNoBucketOfTheDatabase_SaysWhatToDo()
    {
        var scene = new RunScene
        {
            Source = new InMemoryRowSource { Objects = StoreScene.Beside().Store },
            Store = StoreScene.Store(),
            Options = StoreScene.SmallBlocks(),
        };

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.RunAsync());

        Assert.Equal(ObjectStoreError.AccessDenied, exception.Error);
        Assert.Contains("service key", exception.Hint, StringComparison.Ordinal);
    }

    private static void OnceBeforeTheFirstDownload(InMemoryObjectStore store, Action action)
    {
        var change = new Lazy<bool>(() =>
        {
            action();
            return true;
        });
        store.Before = (verb, _, _) => verb == "read" ? Task.FromResult(change.Value) : Task.CompletedTask;
    }
}
