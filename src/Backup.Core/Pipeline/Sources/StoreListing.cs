using Backup.Core.ObjectStores;

namespace Backup.Core.Pipeline.Sources;

/// <summary>The listing that a store gives of itself, while objects come and go.</summary>
/// <param name="store">The store; not disposed here.</param>
/// <param name="buckets">The buckets that it listed when the run began.</param>
internal sealed class StoreListing(IObjectStore store, IReadOnlyList<BucketInfo> buckets) : ObjectListing
{
    /// <inheritdoc/>
    public override ObjectListingMethod Method => ObjectListingMethod.Store;

    /// <inheritdoc/>
    public override bool HasUserMetadata => store.Capabilities.ListsUserMetadata || !store.Capabilities.KeepsProperties;

    /// <inheritdoc/>
    public override Task<IReadOnlyList<ChosenBucket>> FindBucketsAsync(ObjectSelection selection, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ChosenBucket>>(
            [.. buckets.Where(bucket => selection.Includes(bucket.Id)).Select(bucket => new ChosenBucket(bucket, null, null))]);

    /// <inheritdoc/>
    public override IAsyncEnumerable<StoredObject> ListObjectsAsync(string bucket, string prefix, CancellationToken cancellationToken) =>
        store.ListObjectsAsync(bucket, prefix, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
