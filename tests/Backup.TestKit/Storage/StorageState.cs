using Backup.TestKit.Storage.Mirror;
using Backup.TestKit.Storage.Protocol;

namespace Backup.TestKit.Storage;

/// <summary>The buckets and objects of a <see cref="StorageServer"/>, for tests to set up, change and compare with.</summary>
/// <remarks>
/// Thread-safe. Changes happen one at a time, each in memory first and then in the mirror, before the call returns: once a row
/// of the database shows a new version, the old bytes are gone. Downloads that had begun keep theirs, as with files that are
/// deleted while they are open. What a test may put in here goes beyond what an upload may: refused names, rows without files.
/// </remarks>
public sealed class StorageState : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _changes = new(1, 1);
    private readonly List<BucketRow> _buckets = [];
    private readonly Dictionary<string, ObjectSet> _objects = new(StringComparer.Ordinal);
    private readonly TimeProvider _clock;
    private readonly StorageMirror? _mirror;

    internal StorageState(TimeProvider clock, StorageMirror? mirror)
    {
        _clock = clock;
        _mirror = mirror;
    }

    /// <summary>All buckets, in the order of their making.</summary>
    public IReadOnlyList<BucketRow> Buckets
    {
        get
        {
            lock (_lock)
            {
                return [.. _buckets];
            }
        }
    }

    /// <summary>One bucket, or <see langword="null"/>.</summary>
    public BucketRow? FindBucket(string id)
    {
        lock (_lock)
        {
            return _buckets.Find(bucket => bucket.Id == id);
        }
    }

    /// <summary>The objects of a bucket as of now, in the order of their names' UTF-8 bytes; none for a missing bucket.</summary>
    public IReadOnlyList<ObjectRow> Objects(string bucket) => Sorted(bucket);

    /// <summary>One object, or <see langword="null"/>.</summary>
    public ObjectRow? Find(string bucket, string name)
    {
        lock (_lock)
        {
            return _objects.TryGetValue(bucket, out var objects) ? objects.Find(name) : null;
        }
    }

    /// <summary>Creates a bucket whose name is its id.</summary>
    public Task<BucketRow> CreateBucketAsync(string id, bool isPublic = false) =>
        CreateBucketAsync(new BucketRow { Id = id, Name = id, IsPublic = isPublic });

    /// <summary>Creates a bucket; the clock gives the times that are not set.</summary>
    public async Task<BucketRow> CreateBucketAsync(BucketRow bucket) =>
        await TryCreateBucketAsync(bucket) ?? throw new InvalidOperationException($"There is a bucket '{bucket.Id}' already.");

    /// <summary>Deletes a bucket with all that is in it.</summary>
    public Task<bool> DeleteBucketAsync(string id) => ChangeAsync(async () =>
    {
        lock (_lock)
        {
            if (_buckets.RemoveAll(bucket => bucket.Id == id) == 0)
            {
                return false;
            }

            _objects.Remove(id);
        }

        await (_mirror?.DeleteBucketAsync(id) ?? Task.CompletedTask);
        return true;
    });

    /// <summary>Puts an object in, or replaces the one of that name as an overwrite does: new version, same id.</summary>
    public async Task<ObjectRow> PutAsync(NewObject item) => (await TryPutAsync(item, isOverwriteAllowed: true))!;

    /// <summary>Puts a small object in.</summary>
    public Task<ObjectRow> PutAsync(string bucket, string name, string text) =>
        PutAsync(new NewObject(bucket, name, StoredContent.Of(text)) { ContentType = "text/plain" });

    /// <summary>Puts many new objects in at once, which the mirror writes in bulk.</summary>
    public Task PutManyAsync(IEnumerable<NewObject> items) => ChangeAsync(async () =>
    {
        var rows = items.Select(item => item.ToRow(null, Now())).ToList();
        lock (_lock)
        {
            rows.ForEach(row => Set(row.BucketId).Put(row));
        }

        await (_mirror?.CopyObjectsAsync(rows) ?? Task.CompletedTask);
        return true;
    });

    /// <summary>Deletes an object; <see langword="false"/> when there is none.</summary>
    public async Task<bool> DeleteAsync(string bucket, string name) => await TakeAsync(bucket, name) is not null;

    /// <summary>Loses an object's bytes in the backend and keeps its row.</summary>
    public Task<bool> LoseContentAsync(string bucket, string name) => ChangeAsync(() =>
    {
        lock (_lock)
        {
            var objects = Set(bucket);
            var row = objects.Find(name) ?? throw new InvalidOperationException($"There is no '{name}' in bucket '{bucket}'.");
            objects.Put(row with { Content = null });
        }

        return Task.FromResult(true);
    });

    /// <summary>Called by the server.</summary>
    public void Dispose() => _changes.Dispose();

    /// <summary>A snapshot of a bucket's objects in order.</summary>
    internal ObjectRow[] Sorted(string bucket)
    {
        lock (_lock)
        {
            return _objects.TryGetValue(bucket, out var objects) ? objects.Sorted() : [];
        }
    }

    /// <summary>Creates a bucket, or <see langword="null"/> when there is one.</summary>
    internal Task<BucketRow?> TryCreateBucketAsync(BucketRow bucket) => ChangeAsync(async () =>
    {
        var now = Now();
        var row = bucket with
        {
            CreatedAt = bucket.CreatedAt == default ? now : bucket.CreatedAt,
            UpdatedAt = bucket.UpdatedAt == default ? now : bucket.UpdatedAt,
        };
        lock (_lock)
        {
            if (!_objects.TryAdd(row.Id, new ObjectSet()))
            {
                return null;
            }

            _buckets.Add(row);
        }

        await (_mirror?.WriteBucketAsync(row) ?? Task.CompletedTask);
        return row;
    });

    /// <summary>Replaces a bucket's settings; <see langword="false"/> when there is none.</summary>
    internal Task<bool> UpdateBucketAsync(BucketRow row) => ChangeAsync(async () =>
    {
        lock (_lock)
        {
            var index = _buckets.FindIndex(bucket => bucket.Id == row.Id);
            if (index < 0)
            {
                return false;
            }

            _buckets[index] = row;
        }

        await (_mirror?.WriteBucketAsync(row) ?? Task.CompletedTask);
        return true;
    });

    /// <summary>Puts an object in, or <see langword="null"/> when there is one and it may not be replaced.</summary>
    internal Task<ObjectRow?> TryPutAsync(NewObject item, bool isOverwriteAllowed)
    {
        // The hash of a large content is made before the lock is taken.
        _ = item.ETag ?? item.Content?.ETag;
        return ChangeAsync(async () =>
        {
            ObjectRow row;
            lock (_lock)
            {
                var objects = Set(item.Bucket);
                var earlier = objects.Find(item.Name);
                if (earlier is not null && !isOverwriteAllowed)
                {
                    return null;
                }

                row = item.ToRow(earlier, Now());
                objects.Put(row);
            }

            await (_mirror?.WriteObjectAsync(row) ?? Task.CompletedTask);
            return row;
        });
    }

    /// <summary>Deletes an object and returns what its row was, or <see langword="null"/>.</summary>
    internal Task<ObjectRow?> TakeAsync(string bucket, string name) => ChangeAsync(async () =>
    {
        ObjectRow? row;
        lock (_lock)
        {
            row = _objects.TryGetValue(bucket, out var objects) ? objects.Take(name) : null;
        }

        if (row is not null)
        {
            await (_mirror?.DeleteObjectAsync(bucket, name) ?? Task.CompletedTask);
        }

        return row;
    });

    // PostgreSQL keeps microseconds.
    private DateTimeOffset Now() => StorageJson.ToMicroseconds(_clock.GetUtcNow());

    private ObjectSet Set(string bucket) =>
        _objects.TryGetValue(bucket, out var objects) ? objects : throw new InvalidOperationException($"There is no bucket '{bucket}'.");

    private async Task<T> ChangeAsync<T>(Func<Task<T>> change)
    {
        await _changes.WaitAsync();
        try
        {
            return await change();
        }
        finally
        {
            _changes.Release();
        }
    }
}
