using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.Core.Verification;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.Pipeline;

public sealed class BackupRunObjectTests
{
    private static readonly int[] Sizes = [0, 1, 4095, 4096, 4097, 8192, 20_000, 70_000, 400_000];

    [Theory]
    [InlineData("zstd")]
    [InlineData("deflate")]
    [InlineData("none")]
    public async Task ExecuteAsync_RowsAndObjects_HoldsBothAndVerifies(string codec)
    {
        var store = Filled();
        InMemoryTable[] tables = [new("t", InMemoryTable.Rows(900, 100)), new("whole", InMemoryTable.Rows(500, 300)) { IsWhole = true }];
        var scene = new RunScene
        {
            Source = new InMemoryRowSource(tables) { Objects = store },
            Store = store,
            Options = StoreScene.SmallBlocks(),
            Compressor = Compressors.Create(codec),
        };

        var result = await scene.RunAsync();

        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        Assert.Equal(ObjectListingMethod.Database, result.Manifest!.Storage!.Listing);
        await scene.AssertHoldsAsync(result, tables);
        await StoreScene.AssertHoldsAsync(scene, result, store.Objects);
        Assert.Empty((await new BackupVerifier(scene.Sink).VerifyAsync(result.Id)).Findings);
    }

    [Fact]
    public async Task ExecuteAsync_StoreAlone_HasNoDatabase()
    {
        var scene = StoreScene.Alone(Filled());

        var result = await scene.RunAsync();

        Assert.Null(result.Manifest!.Database);
        Assert.Equal(ObjectListingMethod.Store, result.Manifest!.Storage!.Listing);
        Assert.Equal(0, result.Connections);
        await StoreScene.AssertHoldsAsync(scene, result, scene.Store!.Objects);
        var reader = await ArchiveReader.OpenAsync(scene.Sink, result.Id, CancellationToken.None);
        var inOrder = await reader.ReadVolumeIndexAsync(1, CancellationToken.None)
            .OrderBy(entry => entry.Offset).Select(entry => entry.Path).ToListAsync();
        Assert.Equal(["RESTORE.md", "storage/buckets.json"], inOrder.Take(2));
        Assert.DoesNotContain(inOrder, path => path.StartsWith("database/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ExecuteAsync_ListingWithoutMetadata_AsksForEachObject()
    {
        var store = StoreScene.Store(new ObjectStoreCapabilities { Location = "memory" }, "b");
        StoreScene.Set(store, "b", "a.txt", [1, 2, 3], item => item with { UserMetadata = """{"a":1}""", CacheControl = "no-cache", ContentType = "text/plain" });
        var scene = StoreScene.Alone(store);

        var result = await scene.RunAsync();

        await StoreScene.AssertHoldsAsync(scene, result, StoreScene.ObjectsOf(store, "b"));
        Assert.Contains("find b/a.txt", store.Calls);
    }

    [Fact]
    public async Task ExecuteAsync_ListedWithoutSizeAndETag_ComparesTheVersion()
    {
        var store = StoreScene.Store("b");
        StoreScene.Set(store, "b", "other", [1, 2, 3]);
        StoreScene.Set(store, "b", "same", [1, 2, 3]);
        var before = store.Objects;
        var scene = new RunScene
        {
            Source = new InMemoryRowSource { Objects = store, HidesSizes = true },
            Store = store,
            Options = StoreScene.SmallBlocks(),
        };
        store.Before = (verb, subject, _) =>
        {
            // The same bytes once more: only the version tells.
            if (verb == "find" && subject == "b/other" && store.Objects[0].Version == before[0].Version)
            {
                StoreScene.Set(store, "b", "other", [1, 2, 3]);
            }

            return Task.CompletedTask;
        };

        var result = await scene.RunAsync();

        Assert.Equal(["b/other"], result.Failures.Select(failure => failure.Subject));
        await StoreScene.AssertHoldsAsync(scene, result, [before[1]]);
    }

    [Fact]
    public async Task ExecuteAsync_PackedMediaTypes_AreStoredAsTheyAre()
    {
        var store = StoreScene.Store("b");
        StoreScene.Set(store, "b", "a.txt", new byte[9000], item => item with { ContentType = "text/plain" });
        StoreScene.Set(store, "b", "b.jpg", new byte[9000], item => item with { ContentType = "image/jpeg" });
        var scene = new RunScene { Store = store, Options = StoreScene.SmallBlocks(), Compressor = Compressors.Create("deflate") };

        var result = await scene.RunAsync();

        var reader = await ArchiveReader.OpenAsync(scene.Sink, result.Id, CancellationToken.None);
        Assert.Equal(CompressionMethod.Deflate, (await reader.FindAsync("storage/b/a.txt", CancellationToken.None))!.Method);
        Assert.Equal(CompressionMethod.None, (await reader.FindAsync("storage/b/b.jpg", CancellationToken.None))!.Method);
        await StoreScene.AssertHoldsAsync(scene, result, StoreScene.ObjectsOf(store, "b"));
    }

    [Fact]
    public async Task ExecuteAsync_Selection_LeavesOtherBucketsAndNamesOut()
    {
        var store = StoreScene.Store("docs", "docs2", "images");
        foreach (var bucket in store.Buckets)
        {
            StoreScene.Set(store, bucket.Id, "a/1", [1]);
            StoreScene.Set(store, bucket.Id, "b/1", [2]);
        }

        var scene = new RunScene
        {
            Store = store,
            Options = StoreScene.SmallBlocks(),
            Objects = new ObjectSelection { Buckets = ["doc*"], Prefix = "a" },
        };

        var result = await scene.RunAsync();

        Assert.Equal(["docs", "docs2"], result.Buckets.Select(bucket => bucket.Id));
        Assert.Equal("a", result.Manifest!.Storage!.Prefix);
        await StoreScene.AssertHoldsAsync(scene, result, [StoreScene.ObjectsOf(store, "docs")[0], StoreScene.ObjectsOf(store, "docs2")[0]]);
    }

    [Fact]
    public async Task ExecuteAsync_PatternThatFitsNoBucket_FailsBeforeAnythingIsRead()
    {
        var reads = 0;
        var scene = new RunScene
        {
            Source = new InMemoryRowSource(new InMemoryTable("t", InMemoryTable.Rows(3, 9))) { OnRead = _ => reads++ },
            Store = StoreScene.Store("docs"),
            Objects = new ObjectSelection { Buckets = ["docs", "avatar*"] },
        };

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.RunAsync());

        Assert.Contains("'avatar*'", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, reads);
        Assert.Equal(["list-buckets"], scene.Store.Calls);
    }

    [Fact]
    public async Task ExecuteAsync_ListingSharesTheSnapshotsConnection_WaitsForTheRows()
    {
        var store = Filled();
        var tables = Enumerable.Range(0, 5).Select(number => new InMemoryTable($"t{number}", InMemoryTable.Rows(900, 100))).ToArray();
        var scene = new RunScene
        {
            Source = new InMemoryRowSource(tables) { Objects = store, SharesConnection = true },
            Store = store,
            Options = StoreScene.SmallBlocks(),
        };

        var result = await scene.RunAsync();

        await scene.AssertHoldsAsync(result, tables);
        await StoreScene.AssertHoldsAsync(scene, result, store.Objects);
    }

    [Fact]
    public async Task ExecuteAsync_TwentyThousandSmallObjects_StayWithinTheBudget()
    {
        var store = StoreScene.Store("b");
        for (var number = 0; number < 20_000; number++)
        {
            StoreScene.Set(store, "b", $"{number / 100:d3}/{number:d5}.bin", StoreScene.Content(number, number % 300));
        }

        var scene = new RunScene { Store = store, Options = new BackupOptions { MemoryBudgetBytes = 8 * 1024 * 1024, CompressionWorkers = 2 } };

        var result = await scene.RunAsync();

        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        Assert.Equal(20_000, result.Totals.Objects);
        Assert.InRange(result.Memory.PeakBufferBytes, 1, result.MemoryBudgetBytes);
    }

    [Fact]
    public async Task ExecuteAsync_StoreThatIsNotInTheDatabase_ListsItself()
    {
        var store = StoreScene.Store(new ObjectStoreCapabilities { Location = "memory", ListsUserMetadata = true }, "b");
        StoreScene.Set(store, "b", "a", [1]);
        var scene = new RunScene { Source = new InMemoryRowSource { Objects = StoreScene.Store("other") }, Store = store };

        var result = await scene.RunAsync();

        Assert.Equal(ObjectListingMethod.Store, result.Manifest!.Storage!.Listing);
        await StoreScene.AssertHoldsAsync(scene, result, StoreScene.ObjectsOf(store, "b"));
    }

    private static InMemoryObjectStore Filled()
    {
        var store = StoreScene.Store("empty", "avatars", "docs");
        foreach (var bucket in new[] { "avatars", "docs" })
        {
            for (var index = 0; index < Sizes.Length; index++)
            {
                StoreScene.Set(store, bucket, $"folder {index % 3}/{index}.bin", StoreScene.Content(index, Sizes[index]), item => item with
                {
                    UserMetadata = """{"k":"v"}""",
                    ContentType = "application/x-test",
                    CacheControl = "max-age=60",
                    OwnerId = "someone",
                    CreatedAt = DateTimeOffset.UnixEpoch.AddTicks(10),
                    UpdatedAt = DateTimeOffset.UnixEpoch.AddDays(1),
                });
            }
        }

        return store;
    }
}
