using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;

namespace Backup.Core.Sharding.Execution;

/// <summary>What a worker reads and writes with for one order: no more of its database and its store than the shard is of.</summary>
internal static class ShardParts
{
    /// <summary>Makes them.</summary>
    /// <param name="parts">All that the worker has.</param>
    /// <param name="order">The order.</param>
    /// <exception cref="WorkerException">The worker lacks what the order needs.</exception>
    public static PipelineParts For(PipelineParts parts, ShardOrder order)
    {
        var shard = order.Shard;
        var hasObjects = shard.Ranges.Count > 0;
        var needsDatabase = shard.Tables.Count > 0 || order.Listing == ObjectListingMethod.Database;
        if ((needsDatabase && (parts.Source is null || order.Snapshot is null)) || (hasObjects && parts.Store is null))
        {
            throw new WorkerException($"The worker cannot do {shard}: it has not been given the database or the store that the run reads.")
            {
                Subject = order.Run.Value,
            };
        }

        return parts with
        {
            Source = needsDatabase ? parts.Source!.Join(order.Snapshot!, [.. shard.Tables.Select(table => table.Info)]) : null,
            Store = hasObjects ? parts.Store : null,
            Options = OptionsOf(order),
            Narrow = listing => new RangeListing(listing, shard.Ranges),
            Distribution = null,
            Divided = null,
        };
    }

    // Of a database that is only asked for names one connection is enough.
    private static BackupOptions OptionsOf(ShardOrder order)
    {
        var options = order.Options.Copy();
        if (order.Shard.Tables.Count == 0)
        {
            options.Connections = 1;
        }

        return options;
    }
}
