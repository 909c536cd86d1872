using System.Threading.Channels;
using Backup.Core.Pipeline.Sources;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>Lists the objects of the buckets, one bucket after another, no further ahead than its channel is long.</summary>
internal sealed class FileListingStage(
    ObjectListing listing, IReadOnlyList<BucketRun> buckets, string prefix, ObjectCounts counts, ChannelWriter<ListedObject> output)
{
    /// <summary>Lists all of them.</summary>
    /// <param name="rowsRead">The end of the reading of rows, for which a listing over the same connection waits.</param>
    /// <param name="cancellationToken">Stops the stage.</param>
    public async Task RunAsync(Task rowsRead, CancellationToken cancellationToken)
    {
        if (listing.WaitsForRows)
        {
            await rowsRead.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        foreach (var bucket in buckets)
        {
            await foreach (var item in listing.ListObjectsAsync(bucket.Id, prefix, cancellationToken).ConfigureAwait(false))
            {
                bucket.AddListed();
                counts.AddListed(item.Bytes);
                await output.WriteAsync(new ListedObject(bucket, item), cancellationToken).ConfigureAwait(false);
            }
        }

        counts.CompleteListing();
    }
}
