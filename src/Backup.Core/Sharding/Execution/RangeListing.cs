using Backup.Core.ObjectStores;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Sharding.Planning;

namespace Backup.Core.Sharding.Execution;

/// <summary>The objects of one shard, out of a listing of all.</summary>
/// <param name="inner">The listing, which this object owns.</param>
/// <param name="ranges">The ranges: one of each bucket at the most.</param>
internal sealed class RangeListing(ObjectListing inner, IReadOnlyList<ShardRange> ranges) : ObjectListing
{
    /// <inheritdoc/>
    public override ObjectListingMethod Method => inner.Method;

    /// <inheritdoc/>
    public override bool WaitsForRows => inner.WaitsForRows;

    /// <inheritdoc/>
    public override bool HasUserMetadata => inner.HasUserMetadata;

    /// <inheritdoc/>
    public override Task<IReadOnlyList<ChosenBucket>> FindBucketsAsync(ObjectSelection selection, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ChosenBucket>>(
        [
            .. ranges.Select(range => new ChosenBucket(new BucketInfo { Id = range.Bucket, Name = range.Bucket }, range.Objects, range.Bytes)),
        ]);

    /// <inheritdoc/>
    public override IAsyncEnumerable<StoredObject> ListObjectsAsync(string bucket, string prefix, CancellationToken cancellationToken)
    {
        var range = ranges.Single(range => range.Bucket == bucket);
        return inner.ListRangeAsync(bucket, prefix, range.First, range.End, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => inner.DisposeAsync();
}
