using Backup.Core.ObjectStores;
using Backup.Core.Postgres.StoredObjects;

namespace Backup.Core.Pipeline.Sources;

/// <summary>The listing from the tables of Storage in a PostgreSQL snapshot: of the same instant as the rows.</summary>
/// <param name="objects">The tables, which this object owns.</param>
internal sealed class SnapshotListing(SnapshotObjects objects) : ObjectListing
{
    /// <inheritdoc/>
    public override ObjectListingMethod Method => ObjectListingMethod.Database;

    /// <inheritdoc/>
    public override bool WaitsForRows => objects.SharesCoordinator;

    /// <inheritdoc/>
    public override bool HasUserMetadata => true;

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<ChosenBucket>> FindBucketsAsync(
        ObjectSelection selection, CancellationToken cancellationToken)
    {
        var counts = await objects.CountAsync(selection, cancellationToken).ConfigureAwait(false);
        return
        [
            .. counts
                .OrderBy(count => count.Bucket.Id, StringComparer.Ordinal)
                .Select(count => new ChosenBucket(count.Bucket, count.Objects, count.Bytes)),
        ];
    }

    /// <inheritdoc/>
    public override IAsyncEnumerable<StoredObject> ListObjectsAsync(string bucket, string prefix, CancellationToken cancellationToken) =>
        objects.ListObjectsAsync(bucket, prefix, cancellationToken);

    /// <inheritdoc/>
    public override IAsyncEnumerable<StoredObject> ListRangeAsync(
        string bucket, string prefix, string? first, string? end, CancellationToken cancellationToken) =>
        objects.ListRangeAsync(bucket, prefix, first, end, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => objects.DisposeAsync();
}
