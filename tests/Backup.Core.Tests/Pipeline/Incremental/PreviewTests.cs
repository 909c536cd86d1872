using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit;
using Backup.TestKit.Sinks;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.Pipeline.Incremental;

public sealed class PreviewTests
{
    [Fact]
    public async Task PreviewAsync_NoBackupYet_WouldStoreAll()
    {
        var scene = new IncrementalScene();

        var preview = await scene.PreviewAsync();

        var table = Assert.Single(preview.Changes.Tables);
        Assert.Equal((BackupKind.Full, null), (preview.Kind, preview.Parent));
        Assert.Contains("first one", preview.KindReason, StringComparison.Ordinal);
        Assert.Equal((new ChangeAmount(2, 5000), default, default), (table.Stored, table.Reused, table.Dropped));
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task PreviewAsync_OneBlockChangedAndATableGone_SaysWhatARunThenDoes()
    {
        var scene = new IncrementalScene();
        var (kept, changed) = (InMemoryTable.Rows(30, 100), InMemoryTable.Rows(20, 100));
        scene.Source = new InMemoryRowSource(new InMemoryTable("gone", InMemoryTable.Rows(7, 10)), new InMemoryTable("t", kept, changed));
        await scene.FullAsync();
        scene.Source = new InMemoryRowSource(new InMemoryTable("t", kept, InMemoryTable.Rows(25, 100), InMemoryTable.Rows(3, 10)));
        var before = await RunScene.NamesAsync(scene.Sink);

        var preview = await scene.PreviewAsync();

        Assert.Equal(before, await RunScene.NamesAsync(scene.Sink));
        var result = await scene.IncrementalAsync();
        Assert.Equal((result.Kind, result.Parent), (preview.Kind, preview.Parent));
        Assert.Equal(result.Changes!.Tables, preview.Changes.Tables);
        Assert.Equal(
            [
                new TableChanges(new("public", "gone"), default, default, new ChangeAmount(1, 70)),
                new TableChanges(new("public", "t"), new ChangeAmount(2, 2530), new ChangeAmount(1, 3000), new ChangeAmount(1, 2000)),
            ],
            preview.Changes.Tables);
    }

    [Fact]
    public async Task PreviewAsync_Objects_AreNotDownloaded()
    {
        var store = StoreScene.Store("b");
        Set(store, "b", "changed", StoreScene.Content(1, 100));
        Set(store, "b", "gone", StoreScene.Content(2, 20));
        Set(store, "b", "kept", StoreScene.Content(3, 3000));
        var scene = new IncrementalScene { Store = store, Source = new InMemoryRowSource { Objects = store } };
        await scene.FullAsync();
        Set(store, "b", "changed", StoreScene.Content(4, 110));
        Set(store, "b", "new", StoreScene.Content(5, 5));
        store.Remove("b", "gone");
        var reads = store.Calls.Count(IsRead);

        var preview = await scene.PreviewAsync();

        Assert.Equal(reads, store.Calls.Count(IsRead));
        var bucket = Assert.Single(preview.Changes.Buckets);
        Assert.Equal(new BucketChanges("b", new ChangeAmount(2, 115), new ChangeAmount(1, 3000), new ChangeAmount(2, 120)), bucket);
        Assert.Equal(bucket, Assert.Single((await scene.IncrementalAsync()).Changes!.Buckets));
    }

    [Fact]
    public async Task PreviewAsync_SinkTakesNothing_Succeeds()
    {
        var sink = new FaultySink(new InMemorySink());
        var scene = new IncrementalScene { Sink = sink };
        await scene.FullAsync();
        sink.FailFrom(SinkOperation.Create, 1).FailFrom(SinkOperation.Delete, 1);
        var calls = sink.CountOf(SinkOperation.Create) + sink.CountOf(SinkOperation.Delete);

        await scene.PreviewAsync();

        Assert.Equal(calls, sink.CountOf(SinkOperation.Create) + sink.CountOf(SinkOperation.Delete));
    }

    [Fact]
    public async Task PreviewAsync_FolderIsNotThere_DoesNotMakeIt()
    {
        using var folder = new TemporaryFolder();

        var preview = await new IncrementalScene { Sink = new DirectorySink(folder["backups"]) }.PreviewAsync();

        Assert.Equal(BackupKind.Full, preview.Kind);
        Assert.False(Directory.Exists(folder["backups"]));
    }

    [Fact]
    public async Task PreviewAsync_ResumableRun_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => new RunScene
        {
            Source = new InMemoryRowSource(),
            Ask = request => request with { TimeBudget = TimeSpan.FromMinutes(1) },
        }.PreviewAsync());

    [Fact]
    public async Task PreviewAsync_ParentCannotServe_Throws()
    {
        var scene = new IncrementalScene();
        var full = await scene.FullAsync();
        await scene.RemoveAsync(full.Id, "volume-0001.zip");

        await Assert.ThrowsAsync<ParentException>(() => scene.PreviewAsync(full.Id));
    }

    private static void Set(InMemoryObjectStore store, string bucket, string name, byte[] content) =>
        StoreScene.Set(store, bucket, name, content, item => item with { UpdatedAt = DateTimeOffset.UnixEpoch.AddSeconds(content[0] + 1) });

    private static bool IsRead(string call) => call.StartsWith("read ", StringComparison.Ordinal);
}
