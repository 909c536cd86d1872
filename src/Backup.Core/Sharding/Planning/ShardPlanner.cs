using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Distribution;

namespace Backup.Core.Sharding.Planning;

/// <summary>Divides a run into shards of about one size.</summary>
internal static class ShardPlanner
{
    /// <summary>Plans.</summary>
    /// <param name="work">The run.</param>
    /// <param name="sizes">How large shards may be.</param>
    /// <param name="workers">How many workers there are.</param>
    /// <param name="cancellationToken">Cancels the listing of large buckets.</param>
    public static async Task<ShardPlan> PlanAsync(DistributedWork work, ShardSizes sizes, int workers, CancellationToken cancellationToken)
    {
        var sources = work.Job.Sources;
        IReadOnlyList<BucketRun> buckets = sources.Listing is null ? [] : [.. work.Job.Buckets.Where(bucket => !bucket.Bucket.IsGone)];
        var total = work.Job.Tables.Sum(TableCuts.BytesOf) + buckets.Sum(bucket => NameCuts.BytesOf(bucket.Bucket));
        var shards = new ShardGatherer(sizes.TargetBytes(total, workers));
        foreach (var table in work.Job.Tables)
        {
            TableCuts.Add(table, shards);
        }

        if (sources.Listing is { } listing)
        {
            var names = new NameCuts(listing, work.Request.Objects.Prefix);
            foreach (var bucket in buckets)
            {
                await names.AddAsync(bucket, shards, cancellationToken).ConfigureAwait(false);
            }
        }

        return new ShardPlan
        {
            Run = work.Id,
            Snapshot = sources.Snapshot?.Shared,
            Listing = sources.Listing?.Method,
            Prefix = work.Request.Objects.Prefix,
            Shards = shards.ToShards(),
        };
    }
}
