using System.Runtime.CompilerServices;
using Backup.Core.ObjectStores;
using Backup.TestKit.Storage;
using Backup.TestKit.Streams;

namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>A store whose calls fail, and whose answers are wrong, as an injector says.</summary>
internal sealed class FaultyStore(FaultWorld world, FaultInjector faults) : IObjectStore
{
    private readonly InMemoryObjectStore _inner = world.Store;

    public ObjectStoreCapabilities Capabilities => _inner.Capabilities;

    public async IAsyncEnumerable<BucketInfo> ListBucketsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await faults.CallAsync(FaultCall.ListBuckets, "store", "", ValueTask.FromResult, cancellationToken);
        await foreach (var bucket in _inner.ListBucketsAsync(cancellationToken))
        {
            yield return bucket;
        }
    }

    public async IAsyncEnumerable<StoredObject> ListObjectsAsync(
        string bucket, string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var item in _inner.ListObjectsAsync(bucket, prefix, cancellationToken))
        {
            var kind = await faults.CallAsync(FaultCall.ListObject, bucket, $"/{item.Name}", ValueTask.FromResult, cancellationToken);
            for (var times = kind == FaultKind.Twice ? 2 : 1; times > 0; times--)
            {
                yield return item;
            }
        }
    }

    public ValueTask<StoredObject?> FindObjectAsync(string bucket, string name, CancellationToken cancellationToken = default) =>
        faults.CallAsync(FaultCall.FindObject, $"{bucket}/{name}", "", kind =>
        {
            Change(bucket, name, kind);
            return _inner.FindObjectAsync(bucket, name, cancellationToken);
        }, cancellationToken);

    public ValueTask<ObjectContent> OpenReadAsync(
        string bucket, string name, long offset = 0, CancellationToken cancellationToken = default) =>
        faults.CallAsync(FaultCall.OpenObject, $"{bucket}/{name}", "", async kind =>
        {
            Change(bucket, name, kind);
            var content = await _inner.OpenReadAsync(bucket, name, offset, cancellationToken);
            var bytes = kind == FaultKind.Surplus ? new SurplusStream(content.Content) : content.Content;
            return new ObjectContent(
                new Transfer(bytes, $"{bucket}/{name}", kind => Change(bucket, name, kind), faults),
                content.TotalBytes + (kind == FaultKind.OtherSize ? 1 : 0),
                kind switch { FaultKind.NoETag => null, FaultKind.OtherETag => "\"other\"", _ => content.ETag });
        }, cancellationToken);

    public ValueTask PutAsync(ObjectUpload upload, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask CreateBucketAsync(BucketInfo bucket, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private void Change(string bucket, string name, FaultKind kind)
    {
        if (kind == FaultKind.Replaced)
        {
            world.Replace(bucket, name);
        }
        else if (kind == FaultKind.Removed)
        {
            world.Remove(bucket, name);
        }
    }

    private sealed class Transfer(Stream inner, string item, Action<FaultKind> change, FaultInjector faults) : HostileStream(inner)
    {
        private bool _hasEnded;

        public override int Read(Span<byte> buffer) => throw new NotSupportedException("A run reads asynchronously.");

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            faults.CallAsync(FaultCall.ReadObject, item, "", kind =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                change(kind);
                _hasEnded |= kind == FaultKind.EndsEarly;
                return _hasEnded
                    ? ValueTask.FromResult(0)
                    : Inner.ReadAsync(kind == FaultKind.Short ? buffer[..((buffer.Length + 2) / 3)] : buffer, cancellationToken);
            }, cancellationToken);
    }

    private sealed class SurplusStream(Stream inner) : HostileStream(inner)
    {
        private int _left = 3;

        public override int Read(Span<byte> buffer)
        {
            var read = Inner.Read(buffer);
            if (read > 0 || _left == 0 || buffer.IsEmpty)
            {
                return read;
            }

            _left--;
            buffer[0] = 0xFF;
            return 1;
        }
    }
}
