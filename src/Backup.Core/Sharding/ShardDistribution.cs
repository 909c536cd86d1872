using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Distribution;
using Backup.Core.Sharding.Coordination;
using Backup.Core.Sharding.Planning;

namespace Backup.Core.Sharding;

/// <summary>Has runs copied shard by shard by the workers of a pool.</summary>
internal sealed class ShardDistribution(WorkerPool pool, ShardSizes sizes) : WorkDistribution
{
    /// <inheritdoc/>
    public override WorkerLane Begin(DistributedWork work) => new ShardCoordinator(work, pool, sizes);

    /// <inheritdoc/>
    protected override DividedOptions Divide(PipelineParts parts) => OptionsDivision.Divide(parts, pool.Count);
}
