using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.ObjectStores;

/// <summary>A store of one object whose transfers break off after given numbers of bytes.</summary>
internal sealed class BrokenStore(StoredContent content, IReadOnlyList<int> breaksAfter) : IObjectStore
{
    private readonly List<long> _offsets = [];

    public IReadOnlyList<long> Offsets => _offsets;

    public bool HasETag { get; init; } = true;

    public string? ETagOnResume { get; init; }

    public int? StatusOnResume { get; init; }

    public int AnnouncedDifference { get; init; }

    public ObjectStoreCapabilities Capabilities { get; } = new() { Location = "memory" };

    public ValueTask<ObjectContent> OpenReadAsync(string bucket, string name, long offset = 0, CancellationToken cancellationToken = default)
    {
        _offsets.Add(offset);
        var opened = _offsets.Count - 1;
        if (opened > 0 && StatusOnResume is { } status)
        {
            throw new ObjectStoreException("refused")
            {
                Status = status,
                Error = status == 403 ? ObjectStoreError.AccessDenied : ObjectStoreError.Other,
            };
        }

        var bytes = new byte[content.Length - offset];
        content.Read(offset, bytes);
        var eTag = opened > 0 && ETagOnResume is not null ? ETagOnResume : content.ETag;
        return ValueTask.FromResult(new ObjectContent(
            new BreakingStream(bytes, opened < breaksAfter.Count ? breaksAfter[opened] : int.MaxValue),
            content.Length + AnnouncedDifference,
            HasETag ? eTag : null));
    }

    public IAsyncEnumerable<BucketInfo> ListBucketsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public IAsyncEnumerable<StoredObject> ListObjectsAsync(string bucket, string prefix = "", CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<StoredObject?> FindObjectAsync(string bucket, string name, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask PutAsync(ObjectUpload upload, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask CreateBucketAsync(BucketInfo bucket, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private sealed class BreakingStream(byte[] bytes, int breaksAfter) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var left = breaksAfter - (int)Position;
            if (left == 0)
            {
                throw new ObjectStoreException("broken off") { IsTransient = true, Error = ObjectStoreError.Unavailable };
            }

            return ValueTask.FromResult(Read(buffer.Span[..Math.Min(buffer.Length, left)]));
        }
    }
}
