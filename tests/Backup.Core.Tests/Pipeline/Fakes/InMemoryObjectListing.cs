using Backup.Core.ObjectStores;
using Backup.Core.Pipeline.Sources;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.Pipeline.Fakes;

/// <summary>The objects of a store as they were when the snapshot was taken, whatever becomes of the store.</summary>
internal sealed class InMemoryObjectListing(InMemoryObjectStore store, InMemoryRowSource source) : ObjectListing
{
    private readonly Dictionary<string, IReadOnlyList<StoredObject>> _objects =
        store.Buckets.ToDictionary(bucket => bucket.Id, bucket => StoreScene.ObjectsOf(store, bucket.Id));

    private readonly IReadOnlyList<BucketInfo> _buckets = store.Buckets;

    public override ObjectListingMethod Method => ObjectListingMethod.Database;

    public override bool WaitsForRows => source.SharesConnection;

    public override bool HasUserMetadata => true;

    public override Task<IReadOnlyList<ChosenBucket>> FindBucketsAsync(ObjectSelection selection, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ChosenBucket>>(
        [
            .. from bucket in _buckets
               where selection.Includes(bucket.Id)
               let objects = _objects[bucket.Id].Where(item => selection.Includes(item.Bucket, item.Name)).ToList()
               select new ChosenBucket(bucket, objects.Count, objects.Sum(item => item.Bytes ?? 0)),
        ]);

    public override async IAsyncEnumerable<StoredObject> ListObjectsAsync(
        string bucket, string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var objects = _objects[bucket].Where(item => item.Name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        IEnumerable<StoredObject> listed = source switch
        {
            { ListsTwice: true } => [.. objects, objects[^1]],
            { LosesObjects: true } => objects.SkipLast(1),
            { HidesSizes: true } => objects.Select(item => item with { Bytes = null, ETag = null }),
            _ => objects,
        };
        foreach (var item in listed)
        {
            Assert.True(!WaitsForRows || source.PagesOpen == 0, "Listed while a page was read.");
            await Task.CompletedTask;
            cancellationToken.ThrowIfCancellationRequested();
            yield return item;
        }
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
