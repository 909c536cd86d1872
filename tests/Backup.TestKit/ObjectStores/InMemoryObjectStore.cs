using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.TestKit.Streams;

namespace Backup.TestKit.ObjectStores;

/// <summary>Buckets in memory. Contents are set up directly, and calls fail as a script says. Safe for several threads.</summary>
public sealed class InMemoryObjectStore : IObjectStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ObjectStoreOperation, int> _calls = new();
    private int _open;
    private int _versions;

    /// <summary>What it says of itself; by default all that a store can be, and listed in the database.</summary>
    public ObjectStoreCapabilities Capabilities { get; init; } =
        new() { Location = "memory:", ListsUserMetadata = true, IsListedInDatabase = true };

    /// <summary>Called before each call does its work, with the bucket and the name or prefix; what it throws is what the caller gets.</summary>
    public Func<ObjectStoreOperation, string, string, Task>? OnCall { get; set; }

    /// <summary>Puts a stream in the place of an object's content, to let it break off or misbehave.</summary>
    public Func<string, string, Stream, Stream>? OnRead { get; set; }

    /// <summary>The contents that were opened and not yet disposed.</summary>
    public int OpenContents => Volatile.Read(ref _open);

    /// <summary>How many calls of one kind there were.</summary>
    public int CountOf(ObjectStoreOperation operation) => _calls.GetValueOrDefault(operation);

    /// <summary>Adds a bucket.</summary>
    public InMemoryObjectStore AddBucket(string id) => AddBucket(new BucketInfo { Id = id, Name = id });

    /// <summary>Adds a bucket with settings.</summary>
    public InMemoryObjectStore AddBucket(BucketInfo bucket)
    {
        lock (_gate)
        {
            _buckets.Add(bucket.Id, new Bucket(bucket, new SortedDictionary<string, Item>(Utf8Order.Instance)));
        }

        return this;
    }

    /// <summary>Adds or replaces an object, whose size, ETag and version are set here.</summary>
    public StoredObject Set(string bucket, string name, byte[] content, Func<StoredObject, StoredObject>? change = null)
    {
        var stored = new StoredObject
        {
            Bucket = bucket,
            Name = name,
            Bytes = content.Length,
            ETag = $"\"{Convert.ToHexStringLower(XxHash128.Hash(content))}\"",
            Version = Interlocked.Increment(ref _versions).ToString(CultureInfo.InvariantCulture),
        };
        stored = change?.Invoke(stored) ?? stored;
        lock (_gate)
        {
            _buckets[bucket].Items[name] = new Item(stored, content);
        }

        return stored;
    }

    /// <summary>Takes an object away.</summary>
    public void Remove(string bucket, string name)
    {
        lock (_gate)
        {
            _buckets[bucket].Items.Remove(name);
        }
    }

    /// <summary>The objects of a bucket as they are now, in the order of their names.</summary>
    public IReadOnlyList<StoredObject> Objects(string bucket)
    {
        lock (_gate)
        {
            return [.. _buckets[bucket].Items.Values.Select(item => item.Stored)];
        }
    }

    /// <summary>The buckets as they are now.</summary>
    public IReadOnlyList<BucketInfo> Buckets()
    {
        lock (_gate)
        {
            return [.. _buckets.Values.Select(bucket => bucket.Info)];
        }
    }

    /// <summary>An object's bytes.</summary>
    public byte[] Read(string bucket, string name)
    {
        lock (_gate)
        {
            return _buckets[bucket].Items[name].Content;
        }
    }

    public async IAsyncEnumerable<BucketInfo> ListBucketsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await EnterAsync(ObjectStoreOperation.ListBuckets, "", "", cancellationToken);
        foreach (var bucket in Buckets())
        {
            yield return bucket;
        }
    }

    public async IAsyncEnumerable<StoredObject> ListObjectsAsync(
        string bucket, string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await EnterAsync(ObjectStoreOperation.ListObjects, bucket, prefix, cancellationToken);
        ThrowIfMissing(bucket);
        foreach (var item in Objects(bucket).Where(item => item.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Capabilities.ListsUserMetadata ? item : item with { UserMetadata = null, Version = null };
        }
    }

    public async ValueTask<StoredObject?> FindObjectAsync(string bucket, string name, CancellationToken cancellationToken = default)
    {
        await EnterAsync(ObjectStoreOperation.Find, bucket, name, cancellationToken);
        ThrowIfMissing(bucket);
        return Find(bucket, name)?.Stored;
    }

    public async ValueTask<ObjectContent> OpenReadAsync(
        string bucket, string name, long offset = 0, CancellationToken cancellationToken = default)
    {
        await EnterAsync(ObjectStoreOperation.Open, bucket, name, cancellationToken);
        ThrowIfMissing(bucket);
        if (Find(bucket, name) is not { } item)
        {
            throw new ObjectStoreException($"There is no '{name}' in bucket '{bucket}'.") { Error = ObjectStoreError.ObjectNotFound };
        }

        Stream stream = new MemoryStream(item.Content, (int)offset, item.Content.Length - (int)offset, writable: false);
        Interlocked.Increment(ref _open);
        return new ObjectContent(
            new CountedStream(OnRead?.Invoke(bucket, name, stream) ?? stream, () => Interlocked.Decrement(ref _open)),
            item.Content.Length,
            item.Stored.ETag);
    }

    public async ValueTask PutAsync(ObjectUpload upload, CancellationToken cancellationToken = default)
    {
        await EnterAsync(ObjectStoreOperation.Put, upload.Bucket, upload.Name, cancellationToken);
        ThrowIfMissing(upload.Bucket);
        if (!upload.Overwrite && Find(upload.Bucket, upload.Name) is not null)
        {
            throw new ObjectStoreException($"'{upload.Name}' exists in bucket '{upload.Bucket}'.") { Error = ObjectStoreError.AlreadyExists };
        }

        var content = new MemoryStream();
        await using (var stream = await upload.OpenContent(cancellationToken))
        {
            await stream.CopyToAsync(content, cancellationToken);
        }

        if (content.Length != upload.Bytes)
        {
            throw new ObjectStoreException($"'{upload.Name}' has {content.Length} bytes and not {upload.Bytes}.") { Subject = upload.Name };
        }

        Set(upload.Bucket, upload.Name, content.ToArray(), stored => stored with
        {
            ContentType = upload.ContentType,
            CacheControl = upload.CacheControl,
            UserMetadata = upload.UserMetadata,
        });
    }

    public async ValueTask CreateBucketAsync(BucketInfo bucket, CancellationToken cancellationToken = default)
    {
        await EnterAsync(ObjectStoreOperation.CreateBucket, bucket.Id, "", cancellationToken);
        if (Buckets().Any(other => other.Id == bucket.Id))
        {
            throw new ObjectStoreException($"Bucket '{bucket.Id}' exists.") { Error = ObjectStoreError.AlreadyExists };
        }

        AddBucket(bucket);
    }

    private async Task EnterAsync(ObjectStoreOperation operation, string bucket, string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _calls.AddOrUpdate(operation, 1, static (_, count) => count + 1);
        if (OnCall is { } onCall)
        {
            await onCall(operation, bucket, name);
        }
    }

    private Item? Find(string bucket, string name)
    {
        lock (_gate)
        {
            return _buckets[bucket].Items.GetValueOrDefault(name);
        }
    }

    private void ThrowIfMissing(string bucket)
    {
        lock (_gate)
        {
            if (!_buckets.ContainsKey(bucket))
            {
                throw new ObjectStoreException($"There is no bucket '{bucket}'.") { Error = ObjectStoreError.BucketNotFound, Subject = bucket };
            }
        }
    }

    private sealed record Bucket(BucketInfo Info, SortedDictionary<string, Item> Items);

    private sealed record Item(StoredObject Stored, byte[] Content);

    private sealed class CountedStream(Stream inner, Action onDispose) : HostileStream(inner)
    {
        private bool _isDisposed;

        public override int Read(Span<byte> buffer) => Inner.Read(buffer);

        protected override void Dispose(bool disposing)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                onDispose();
            }

            base.Dispose(disposing);
        }
    }
}
