using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.Core.Verification;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.Pipeline.Incremental;

/// <summary>Incremental runs over buckets: what is the same is never read, and what is not is never taken for it.</summary>
public sealed class IncrementalObjectsTests
{
    private static readonly DateTimeOffset Then = new(2026, 11, 22, 3, 15, 0, TimeSpan.Zero);

    private int _ticks;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_EveryKindOfChange_ReadsOnlyWhatChanged(bool isInDatabase)
    {
        var scene = SceneOf(isInDatabase);
        var store = scene.Store!;
        await scene.FullAsync();
        Set(store, "b", "in place", 5, 100);
        Set(store, "b", "new", 6, 10);
        store.Remove("b", "deleted");
        Move(store, ("b", "renamed"), ("b", "other name"));
        Move(store, ("b", "moved"), ("c", "moved"));

        var (result, read) = await RunIncrementAsync(scene);

        Assert.Equal(["b/in place", "b/new", "b/other name", "c/moved"], read);
        Assert.Equal([3L, 2L], result.Buckets.Select(bucket => bucket.ReusedObjects));
        await AssertHoldsAsync(scene, result);
    }

    [Fact]
    public async Task RunAsync_NothingChanged_ReadsNothingAndStoresNoObject()
    {
        var scene = SceneOf();
        await scene.FullAsync();

        var (result, read) = await RunIncrementAsync(scene);

        Assert.Empty(read);
        Assert.Equal(result.Totals.Objects, result.Buckets.Sum(bucket => bucket.ReusedObjects));
        Assert.Equal(BackupKind.Incremental, result.Manifest!.Kind);
        await AssertHoldsAsync(scene, result);
    }

    [Fact]
    public async Task RunAsync_ChainOfThree_ReferencesWhereTheBytesLie()
    {
        var scene = SceneOf();
        var store = scene.Store!;
        var full = await scene.FullAsync();
        Set(store, "b", "in place", 5, 100);
        var (second, _) = await RunIncrementAsync(scene);
        Set(store, "c", "x", 7, 70);

        var (third, read) = await RunIncrementAsync(scene);

        Assert.Equal(["c/x"], read);
        Assert.Equal([full.Id, second.Id], third.Manifest!.References!.Select(reference => reference.Id));
        await AssertHoldsAsync(scene, third);
    }

    [Fact]
    public async Task RunAsync_ObjectThatTheParentLacks_IsTried()
    {
        var scene = SceneOf();
        var store = scene.Store!;
        store.Before = (verb, subject, _) =>
            (verb, subject) == ("read", "b/same") ? Task.FromException(StoreScene.Refused()) : Task.CompletedTask;
        var full = await scene.FullAsync();
        Assert.Equal("b/same", Assert.Single(full.Failures).Subject);
        store.Before = null;

        var (result, read) = await RunIncrementAsync(scene, full.Id);

        Assert.Equal(["b/same"], read);
        await AssertHoldsAsync(scene, result);
    }

    [Fact]
    public async Task RunAsync_MetadataChangedWithoutTheContent_HoldsTheNewOne()
    {
        var scene = SceneOf();
        await scene.FullAsync();
        var item = StoreScene.ObjectsOf(scene.Store!, "b").Single(item => item.Name == "same");
        scene.Store!.With(item with { CacheControl = "max-age=1", OwnerId = "someone" }, scene.Store.ContentOf("b", "same")!);

        var (result, read) = await RunIncrementAsync(scene);

        Assert.Empty(read);
        await AssertHoldsAsync(scene, result);
    }

    [Fact]
    public async Task RunAsync_ObjectThatFails_IsNotReplacedByTheParents()
    {
        var scene = SceneOf();
        var store = scene.Store!;
        await scene.FullAsync();
        Set(store, "b", "in place", 5, 100);
        store.Before = (verb, subject, _) =>
            (verb, subject) == ("read", "b/in place") ? Task.FromException(StoreScene.Refused()) : Task.CompletedTask;

        var (result, _) = await RunIncrementAsync(scene);

        Assert.Equal("b/in place", Assert.Single(result.Failures).Subject);
        Assert.DoesNotContain("b/in place", (await StoreScene.ReadAsync(scene.Sink, result)).Keys);
        Assert.Empty((await new BackupVerifier(scene.Sink).VerifyAsync(result.Id)).Findings);
    }

    [Fact]
    public async Task RunAsync_SuspendedAndResumed_ReferencesAndReadsEachOnce()
    {
        var scene = new ResumedScene
        {
            Store = StoreScene.Store("b"),
            Options = new()
            {
                Connections = 1,
                CompressionWorkers = 1,
                Transfers = 1,
                BlockBytes = 4096,
                PageBytes = 64 * 1024,
                MemoryBudgetBytes = 256 * 1024,
            },
        };
        var store = scene.Store;
        foreach (var number in Enumerable.Range(0, 10))
        {
            Set(store, "b", $"{number:d2}", number, 100);
        }

        var full = await new RunScene { Store = store, Sink = scene.Sink, TimeProvider = scene.Time, Options = scene.Options, Source = SourceOf(store) }.RunAsync();
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        Set(store, "b", "03", 13, 100);
        Set(store, "b", "07", 17, 100);
        var calls = store.Calls.Count;
        store.Before = (verb, subject, _) =>
        {
            if ((verb, subject) == ("read", "b/03"))
            {
                scene.ReachDeadline();
            }

            return Task.CompletedTask;
        };

        var first = await scene.RunAsync(SourceOf(store), request => request with { Incremental = true, Parent = full.Id });
        store.Before = null;
        var result = await scene.RunAsync(SourceOf(store));

        Assert.Equal(BackupOutcome.Suspended, first.Outcome);
        Assert.Equal(["b/03", "b/07"], ReadSince(store, calls));
        Assert.Equal((10L, 8L, 800L), (result.Buckets[0].Objects, result.Buckets[0].ReusedObjects, result.Buckets[0].ReusedBytes));
        Assert.Equal(store.Objects.Count, (await StoreScene.ReadAsync(scene.Sink, result)).Count);
        Assert.Empty((await new BackupVerifier(scene.Sink).VerifyAsync(result.Id)).Findings);
    }

    private static InMemoryRowSource SourceOf(InMemoryObjectStore store) => new() { Objects = store };

    private IncrementalScene SceneOf(bool isInDatabase = true)
    {
        var store = StoreScene.Store(
            new ObjectStoreCapabilities { Location = "memory", ListsUserMetadata = isInDatabase, IsListedInDatabase = isInDatabase }, "b", "c");
        foreach (var name in (string[])["deleted", "in place", "moved", "renamed", "same", "Same", "a/b"])
        {
            Set(store, "b", name, name.Length, 100);
        }

        Set(store, "c", "x", 1, 50);
        Set(store, "c", "y", 2, 0);
        return new IncrementalScene
        {
            Source = new InMemoryRowSource(new InMemoryTable("t", InMemoryTable.Rows(30, 10))) { Objects = isInDatabase ? store : null },
            Store = store,
            Options = StoreScene.SmallBlocks(),
        };
    }

    private void Set(InMemoryObjectStore store, string bucket, string name, int seed, int bytes) => StoreScene.Set(
        store,
        bucket,
        name,
        StoreScene.Content(seed, bytes),
        item => item with { UpdatedAt = Then.AddSeconds(++_ticks), UserMetadata = $$"""{"n":{{_ticks}}}""", ContentType = "text/plain" });

    // As Storage does: the row goes on, under another name and changed a moment ago.
    private void Move(InMemoryObjectStore store, (string Bucket, string Name) from, (string Bucket, string Name) to)
    {
        var item = store.Objects.Single(item => (item.Bucket, item.Name) == from);
        store.With(item with { Bucket = to.Bucket, Name = to.Name, UpdatedAt = Then.AddSeconds(++_ticks) }, store.ContentOf(from.Bucket, from.Name)!);
        store.Remove(from.Bucket, from.Name);
    }

    private static async Task<(BackupResult Result, IReadOnlyList<string> Read)> RunIncrementAsync(IncrementalScene scene, BackupId? parent = null)
    {
        var before = scene.Store!.Calls.Count;
        var result = await scene.IncrementalAsync(parent);
        return (result, ReadSince(scene.Store, before));
    }

    private static List<string> ReadSince(InMemoryObjectStore store, int calls) =>
        [.. store.Calls.Skip(calls).Where(call => call.StartsWith("read ", StringComparison.Ordinal)).Select(call => call[5..]).Order(StringComparer.Ordinal)];

    private static async Task AssertHoldsAsync(IncrementalScene scene, BackupResult result)
    {
        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        var held = await StoreScene.ReadAsync(scene.Sink, result);
        Assert.Equal(scene.Store!.Objects.Count, held.Count);
        foreach (var item in scene.Store!.Objects)
        {
            var (stored, bytes) = held[$"{item.Bucket}/{item.Name}"];
            Assert.Equal(scene.Store.ContentOf(item.Bucket, item.Name), bytes);

            // A listing without versions leaves them to the next backup's downloads.
            Assert.Equal(item with { Version = stored.Version }, stored);
            Assert.True(stored.Version is null || stored.Version == item.Version);
        }

        Assert.Empty((await new BackupVerifier(scene.Sink).VerifyAsync(result.Id)).Findings);
    }
}
