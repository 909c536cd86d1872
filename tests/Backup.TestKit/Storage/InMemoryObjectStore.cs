using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.TestKit.Streams;

namespace Backup.TestKit.Storage;

/// <summary>Buckets in memory: an object store that behaves, with a hook before each call for tests that want one to fail.</summary>
public sealed class InMemoryObjectStore : IObjectStore
{
    private readonly ConcurrentDictionary<string, BucketInfo> _buckets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Bucket, string Name), Item> _items = new();
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly TimeProvider _timeProvider;
    private long _version;
    private int _openContents;

    public InMemoryObjectStore(TimeProvider? timeProvider = null)
    {
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    public ObjectStoreCapabilities Capabilities { get; init; } = new() { Location = "memory", ListsUserMetadata = true };

    /// <summary>Called before each call with its verb (<c>list-buckets</c>, <c>list</c>, <c>find</c>, <c>read</c>, <c>put</c>, <c>create</c>) and subject.</summary>
    public Func<string, string, CancellationToken, Task>? Before { get; set; }

    /// <summary>Puts a stream in the place of the one that reads an object, given bucket, name and that one: to let a transfer break off.</summary>
    public Func<string, string, Stream, Stream>? OnRead { get; set; }

    /// <summary>Whether contents come without their ETags, as behind a proxy that takes them away.</summary>
    public bool HidesETags { get; init; }

    /// <summary>How many contents were opened and are not yet disposed.</summary>
    public int OpenContents => Volatile.Read(ref _openContents);

    /// <summary>All calls so far: verb and subject.</summary>
    public IReadOnlyList<string> Calls => [.. _calls];

    /// <summary>All objects, in the order of buckets and names.</summary>
    public IReadOnlyList<StoredObject> Objects =>
    [
        .. _items.Values.Select(item => item.Object)
            .OrderBy(item => item.Bucket, StringComparer.Ordinal)
            .ThenBy(item => item.Name, Utf8Order.Instance),
    ];

    /// <summary>All buckets, in the order of their ids.</summary>
    public IReadOnlyList<BucketInfo> Buckets => [.. _buckets.Values.OrderBy(bucket => bucket.Id, StringComparer.Ordinal)];

    /// <summary>Makes a bucket.</summary>
    public InMemoryObjectStore With(BucketInfo bucket)
    {
        _buckets[bucket.Id] = bucket;
        return this;
    }

    /// <summary>Puts an object in place, as it is: only size and, where it has none, ETag are filled in.</summary>
    public InMemoryObjectStore With(StoredObject item, byte[] content)
    {
        _buckets.TryAdd(item.Bucket, new BucketInfo { Id = item.Bucket, Name = item.Bucket });
        _items[(item.Bucket, item.Name)] = new Item(item with { Bytes = content.Length, ETag = item.ETag ?? ETagOf(content) }, content);
        return this;
    }

    /// <summary>The bytes of an object; <see langword="null"/> when there is none.</summary>
    public byte[]? ContentOf(string bucket, string name) => _items.TryGetValue((bucket, name), out var item) ? item.Content : null;

    /// <summary>Takes an object away.</summary>
    public bool Remove(string bucket, string name) => _items.TryRemove((bucket, name), out _);

    public async IAsyncEnumerable<BucketInfo> ListBucketsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await BeginAsync("list-buckets", "", cancellationToken);
        foreach (var bucket in Buckets)
        {
            yield return bucket;
        }
    }

    public async IAsyncEnumerable<StoredObject> ListObjectsAsync(
        string bucket, string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await BeginAsync("list", bucket, cancellationToken);
        ThrowIfNoBucket(bucket);
        foreach (var item in Objects.Where(item => item.Bucket == bucket && item.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Capabilities.ListsUserMetadata ? item : item with { UserMetadata = null, Version = null };
        }
    }

    public async ValueTask<StoredObject?> FindObjectAsync(string bucket, string name, CancellationToken cancellationToken = default)
    {
        await BeginAsync("find", $"{bucket}/{name}", cancellationToken);
        ThrowIfNoBucket(bucket);
        return _items.TryGetValue((bucket, name), out var item) ? item.Object : null;
    }

    public async ValueTask<ObjectContent> OpenReadAsync(
        string bucket, string name, long offset = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        await BeginAsync("read", $"{bucket}/{name}", cancellationToken);
        ThrowIfNoBucket(bucket);
        if (!_items.TryGetValue((bucket, name), out var item))
        {
            throw new ObjectStoreException($"There is no '{name}' in bucket '{bucket}'.") { Error = ObjectStoreError.ObjectNotFound, Subject = $"{bucket}/{name}" };
        }

        Stream content = new MemoryStream(item.Content, writable: false) { Position = offset };
        Interlocked.Increment(ref _openContents);
        var counted = new CountedStream(OnRead?.Invoke(bucket, name, content) ?? content, () => Interlocked.Decrement(ref _openContents));
        return new ObjectContent(counted, item.Content.Length, HidesETags ? null : item.Object.ETag);
    }

    public async ValueTask PutAsync(ObjectUpload upload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(upload);
        await BeginAsync("put", $"{upload.Bucket}/{upload.Name}", cancellationToken);
        ThrowIfNoBucket(upload.Bucket);
        ThrowIfTaken(upload);
        using var copy = new MemoryStream();
        await using (var content = await upload.OpenContent(cancellationToken))
        {
            await content.CopyToAsync(copy, cancellationToken);
        }

        if (copy.Length != upload.Bytes)
        {
            throw new ObjectStoreException($"{upload.Bytes} bytes were announced for '{upload.Name}', {copy.Length} came.") { Subject = $"{upload.Bucket}/{upload.Name}" };
        }

        Store(upload, copy.ToArray());
    }

    public async ValueTask CreateBucketAsync(BucketInfo bucket, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bucket);
        await BeginAsync("create", bucket.Id, cancellationToken);
        var now = _timeProvider.GetUtcNow();
        if (!_buckets.TryAdd(bucket.Id, bucket with { CreatedAt = now, UpdatedAt = now, OwnerId = null }))
        {
            throw new ObjectStoreException($"Bucket '{bucket.Id}' exists already.") { Error = ObjectStoreError.AlreadyExists, Subject = bucket.Id };
        }
    }

    private static string ETagOf(byte[] content) => $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"";

    private async Task BeginAsync(string verb, string subject, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _calls.Enqueue($"{verb} {subject}".TrimEnd());
        if (Before is { } before)
        {
            await before(verb, subject, cancellationToken);
        }
    }

    private void ThrowIfNoBucket(string bucket)
    {
        if (!_buckets.ContainsKey(bucket))
        {
            throw new ObjectStoreException($"There is no bucket '{bucket}'.") { Error = ObjectStoreError.BucketNotFound, Subject = bucket };
        }
    }

    private void ThrowIfTaken(ObjectUpload upload)
    {
        if (!upload.Overwrite && _items.ContainsKey((upload.Bucket, upload.Name)))
        {
            throw new ObjectStoreException($"'{upload.Name}' exists already in bucket '{upload.Bucket}'.")
            {
                Error = ObjectStoreError.AlreadyExists,
                Subject = $"{upload.Bucket}/{upload.Name}",
            };
        }
    }

    private void Store(ObjectUpload upload, byte[] content)
    {
        var now = _timeProvider.GetUtcNow();
        var version = Interlocked.Increment(ref _version);
        var item = new StoredObject
        {
            Bucket = upload.Bucket,
            Name = upload.Name,
            Id = $"00000000-0000-4000-8000-{version:x12}",
            Bytes = content.Length,
            ETag = ETagOf(content),
            Version = $"{version}",
            ContentType = upload.ContentType ?? "application/octet-stream",
            CacheControl = upload.CacheControl ?? "no-cache",
            RobotsTag = upload.RobotsTag,
            UserMetadata = upload.UserMetadata,
            CreatedAt = now,
            UpdatedAt = now,
        };
        _items.AddOrUpdate(
            (upload.Bucket, upload.Name),
            _ => new Item(item, content),
            (_, old) => upload.Overwrite
                ? new Item(item with { Id = old.Object.Id, CreatedAt = old.Object.CreatedAt }, content)
                : throw new ObjectStoreException($"'{upload.Name}' exists already in bucket '{upload.Bucket}'.")
                {
                    Error = ObjectStoreError.AlreadyExists,
                    Subject = $"{upload.Bucket}/{upload.Name}",
                });
    }

    private sealed record Item(StoredObject Object, byte[] Content);

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
