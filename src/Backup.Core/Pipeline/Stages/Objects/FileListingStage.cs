using System.Threading.Channels;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Pipeline.Suspension;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>Lists the objects of the buckets, one bucket after another, no further ahead than its channel is long.</summary>
internal sealed class FileListingStage(
    ObjectListing listing, IReadOnlyList<BucketRun> buckets, string prefix, ObjectCounts counts, RunDeadline deadline, ChannelWriter<ListedObject> output)
{
    // Names and metadata may be long: so many of their characters may wait to be downloaded, whatever the number of objects.
    private const int MaxCharactersAhead = 1024 * 1024;

    private readonly MemoryBudget _room = new(MaxCharactersAhead);

    /// <summary>Whether all objects have been listed; the deadline may come before.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Lists all of them, as far as the deadline allows.</summary>
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
                if (deadline.IsReached)
                {
                    return;
                }

                bucket.AddListed();
                counts.AddListed(item.Bytes);
                await SendAsync(bucket, item, cancellationToken).ConfigureAwait(false);
            }
        }

        IsComplete = true;
        counts.CompleteListing();
    }

    private async Task SendAsync(BucketRun bucket, StoredObject item, CancellationToken cancellationToken)
    {
        var room = await _room.AcquireAsync(Math.Min(item.Characters, MaxCharactersAhead), cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(new ListedObject(bucket, item, room), cancellationToken).ConfigureAwait(false);
    }
}
