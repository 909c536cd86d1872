using Backup.Core.Archives;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Sources;

namespace Backup.Core.Sharding.Planning;

/// <summary>Cuts buckets into ranges of names. Only a large one is looked through for that, and only where its listing is of the snapshot.</summary>
/// <param name="listing">The listing.</param>
/// <param name="prefix">What the names of all objects begin with.</param>
internal sealed class NameCuts(ObjectListing listing, string prefix)
{
    /// <summary>About how much a bucket is, as bytes; a shard's size where nobody knows.</summary>
    public static long BytesOf(ChosenBucket bucket) => (bucket.Bytes ?? 0) + ((bucket.Objects ?? 0) * ShardSizes.ItemBytes);

    /// <summary>Adds all objects of a bucket.</summary>
    public async Task AddAsync(BucketRun bucket, ShardGatherer shards, CancellationToken cancellationToken)
    {
        var chosen = bucket.Bucket;
        var whole = new ShardRange { Bucket = bucket.Id, Objects = chosen.Objects, Bytes = chosen.Bytes };
        if (listing.Method != ObjectListingMethod.Database || chosen.Objects is null)
        {
            // What a store lists changes from one listing to the next, and begins at the beginning each time.
            shards.AddAlone(whole, shards.TargetBytes);
        }
        else if (BytesOf(chosen) <= shards.TargetBytes)
        {
            shards.Add(whole, BytesOf(chosen));
        }
        else
        {
            await CutAsync(bucket, shards, cancellationToken).ConfigureAwait(false);
        }
    }

    // Paths are given here once for all ranges, since no range sees the names of another: only what differs from the plain ones is handed on.
    private async Task CutAsync(BucketRun bucket, ShardGatherer shards, CancellationToken cancellationToken)
    {
        var paths = new ObjectPaths();
        var (first, objects, bytes, marked) = ((string?)null, 0L, 0L, new Dictionary<string, string>(StringComparer.Ordinal));
        await foreach (var item in listing.ListObjectsAsync(bucket.Id, prefix, cancellationToken).ConfigureAwait(false))
        {
            if (bytes + (objects * ShardSizes.ItemBytes) >= shards.TargetBytes)
            {
                AddRange(item.Name);
                (first, objects, bytes, marked) = (item.Name, 0, 0, new Dictionary<string, string>(StringComparer.Ordinal));
            }

            objects++;
            bytes += item.Bytes ?? 0;
            var path = paths.Assign(bucket.Id, item.Name);
            if (path != ObjectPaths.Plain(bucket.Id, item.Name))
            {
                marked[item.Name] = path;
            }
        }

        AddRange(null);

        void AddRange(string? end) => shards.AddAlone(
            new ShardRange { Bucket = bucket.Id, First = first, End = end, Objects = objects, Bytes = bytes, Marked = marked },
            bytes + (objects * ShardSizes.ItemBytes));
    }
}
