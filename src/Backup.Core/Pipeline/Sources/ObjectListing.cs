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

    /// <summary>Ends the listing.</summary>
    public abstract ValueTask DisposeAsync();
}
