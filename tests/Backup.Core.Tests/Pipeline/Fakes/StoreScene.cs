using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.Pipeline.Fakes;

/// <summary>Stores to back up, and what a backup must hold of them.</summary>
internal static class StoreScene
{
    /// <summary>The size of the large object of <see cref="Beside"/>.</summary>
    public const int LargeBytes = 600_000;

    /// <summary>Blocks so small that an object of a few hundred kilobytes outgrows its share.</summary>
    public static BackupOptions SmallBlocks() => new()
    {
        Connections = 2,
        CompressionWorkers = 2,
        BlockBytes = 4096,
        PageBytes = 64 * 1024,
        MemoryBudgetBytes = 128 * 1024,
    };

    /// <summary>A run over a store alone, with small blocks.</summary>
    public static RunScene Alone(InMemoryObjectStore store) => new() { Store = store, Options = SmallBlocks() };

    /// <summary>A store of a project, whose database lists its objects.</summary>
    public static InMemoryObjectStore Store(params string[] buckets) => Store(new ObjectStoreCapabilities
    {
        Location = "memory",
        ListsUserMetadata = true,
        IsListedInDatabase = true,
    }, buckets);

    /// <summary>A store of other capabilities.</summary>
    public static InMemoryObjectStore Store(ObjectStoreCapabilities capabilities, params string[] buckets)
    {
        var store = new InMemoryObjectStore { Capabilities = capabilities };
        foreach (var bucket in buckets)
        {
            store.With(new BucketInfo { Id = bucket, Name = bucket });
        }

        return store;
    }

    /// <summary>Puts an object into a store, in a version of its own.</summary>
    public static void Set(
        InMemoryObjectStore store, string bucket, string name, byte[] content, Func<StoredObject, StoredObject>? change = null)
    {
        var item = new StoredObject { Bucket = bucket, Name = name, Version = Guid.NewGuid().ToString() };
        store.With(change?.Invoke(item) ?? item, content);
    }

    /// <summary>The objects of a bucket as they are now, in the order of their names.</summary>
    public static IReadOnlyList<StoredObject> ObjectsOf(InMemoryObjectStore store, string bucket) =>
        [.. store.Objects.Where(item => item.Bucket == bucket)];

    /// <summary>A table, and bucket <c>b</c> with four objects: <c>large</c>, which outgrows its share by far, <c>middle</c>, <c>other</c> and <c>small</c>.</summary>
    public static RunScene Beside(bool isInDatabase = true, bool supportsRanges = true, IBackupSink? sink = null)
    {
        var store = Store(
            new ObjectStoreCapabilities
            {
                Location = "memory",
                ListsUserMetadata = true,
                IsListedInDatabase = isInDatabase,
                SupportsRanges = supportsRanges,
            },
            "b");
        Set(store, "b", "large", Content(1, LargeBytes));
        Set(store, "b", "middle", Content(2, 20_000));
        Set(store, "b", "other", Content(3, 1));
        Set(store, "b", "small", Content(4, 3000));
        return new RunScene
        {
            Source = new InMemoryRowSource(new InMemoryTable("t", InMemoryTable.Rows(300, 100))) { Objects = isInDatabase ? store : null },
            Store = store,
            Sink = sink ?? new InMemorySink(),
            Options = SmallBlocks(),
        };
    }

    /// <summary>Bytes that differ from object to object.</summary>
    public static byte[] Content(int seed, int bytes)
    {
        var content = new byte[bytes];
        new Random(seed).NextBytes(content);
        return content;
    }

    /// <summary>A fault that may pass.</summary>
    public static ObjectStoreException Busy() => new("busy") { Error = ObjectStoreError.Unavailable, IsTransient = true };

    /// <summary>A fault that will not pass.</summary>
    public static ObjectStoreException Refused() => new("refused") { Error = ObjectStoreError.InvalidName };

    /// <summary>The objects that a backup holds, with their bytes, by bucket and name.</summary>
    public static async Task<Dictionary<string, (StoredObject Stored, byte[] Bytes)>> ReadAsync(IBackupSink sink, BackupResult result)
    {
        var objects = new Dictionary<string, (StoredObject, byte[])>(StringComparer.Ordinal);
        var reader = await ArchiveReader.OpenAsync(sink, result.Id, CancellationToken.None);
        await foreach (var entry in reader.ReadIndexAsync("storage/", CancellationToken.None))
        {
            if (entry.Object is { } stored)
            {
                var bytes = new MemoryStream();
                await using var stream = await reader.OpenEntryAsync(entry, CancellationToken.None);
                await stream.CopyToAsync(bytes);
                objects.Add($"{stored.Bucket}/{stored.Name}", (stored, bytes.ToArray()));
            }
        }

        return objects;
    }

    /// <summary>Asserts that a backup holds exactly these objects of a store as the store has them, and that its sums say so.</summary>
    public static async Task AssertHoldsAsync(RunScene scene, BackupResult result, IEnumerable<StoredObject> expected)
    {
        var held = await ReadAsync(scene.Sink, result);
        var objects = expected.ToList();
        Assert.Equal(
            objects.Select(item => $"{item.Bucket}/{item.Name}").Order(StringComparer.Ordinal), held.Keys.Order(StringComparer.Ordinal));
        foreach (var item in objects)
        {
            var (stored, bytes) = held[$"{item.Bucket}/{item.Name}"];
            Assert.Equal(item, stored);
            Assert.Equal(scene.Store!.ContentOf(item.Bucket, item.Name), bytes);
        }

        AssertSums(result, objects);
    }

    private static void AssertSums(BackupResult result, List<StoredObject> objects)
    {
        foreach (var bucket in result.Manifest!.Storage!.Buckets)
        {
            var held = objects.FindAll(item => item.Bucket == bucket.Id);
            var failed = result.Failures.Count(failure =>
                failure.Kind == FailureKind.StoredObject && failure.Subject.StartsWith(bucket.Id + "/", StringComparison.Ordinal));
            Assert.Equal(held.Count, bucket.Objects);
            Assert.Equal(held.Count + failed, bucket.Listed);
            Assert.Equal(held.Sum(item => item.Bytes ?? 0), bucket.RawBytes);
            var line = result.Buckets.Single(item => item.Id == bucket.Id);
            Assert.Equal((bucket.Objects, bucket.RawBytes, failed), (line.Objects, line.Bytes, line.Failures));
        }
    }
}
