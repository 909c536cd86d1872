using System.Runtime.CompilerServices;
using Backup.Core.ObjectStores;

namespace Backup.Core.Pipeline.Sources;

/// <summary>Says which buckets and objects there are. Complete, or it throws.</summary>
internal abstract class ObjectListing : IAsyncDisposable
{
    /// <summary>Where it comes from.</summary>
    public abstract ObjectListingMethod Method { get; }

    /// <summary>Whether nothing may be listed while rows are being read: both need the snapshot's one connection.</summary>
    public virtual bool WaitsForRows => false;

    /// <summary>Whether it carries user metadata; otherwise the store is asked for each object's.</summary>
    public abstract bool HasUserMetadata { get; }

    /// <summary>The buckets that take part, in ordinal order of their ids.</summary>
    public abstract Task<IReadOnlyList<ChosenBucket>> FindBucketsAsync(ObjectSelection selection, CancellationToken cancellationToken);

    /// <summary>Lists the objects of a bucket, in the order of their names' bytes.</summary>
    public abstract IAsyncEnumerable<StoredObject> ListObjectsAsync(string bucket, string prefix, CancellationToken cancellationToken);

    /// <summary>Lists those of the objects whose names lie in a range, in the same order.</summary>
    /// <param name="bucket">The bucket's id.</param>
    /// <param name="prefix">What their names begin with besides.</param>
    /// <param name="first">The least name; <see langword="null"/> for no bound.</param>
    /// <param name="end">The name behind the last; <see langword="null"/> for no bound.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    public virtual async IAsyncEnumerable<StoredObject> ListRangeAsync(
        string bucket, string prefix, string? first, string? end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in ListObjectsAsync(bucket, prefix, cancellationToken).ConfigureAwait(false))
        {
            if (end is not null && Utf8Order.Instance.Compare(item.Name, end) >= 0)
            {
                yield break;
            }

            if (first is null || Utf8Order.Instance.Compare(item.Name, first) >= 0)
            {
                yield return item;
            }
        }
    }

    /// <summary>Ends the listing.</summary>
    public abstract ValueTask DisposeAsync();
}
