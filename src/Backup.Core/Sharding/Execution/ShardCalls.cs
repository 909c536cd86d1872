using Backup.Core.Archives;
using Backup.Core.Pipeline.Distribution;

namespace Backup.Core.Sharding.Execution;

/// <summary>What an attempt at a shard asks of its coordinator and tells it while it is at work: numbers for its files, and how far it is.</summary>
internal abstract class ShardCalls : ArchiveNumbers
{
    /// <summary>Tells how much has been copied by now.</summary>
    /// <param name="counts">All that the attempt has copied.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public abstract ValueTask ReportAsync(WorkerCounts counts, CancellationToken cancellationToken);
}
