using Backup.Core.Archives;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Postgres;
using Backup.Core.Sharding.Planning;

namespace Backup.Core.Sharding.Execution;

/// <summary>All that a worker needs to do one shard, but for the way to the database, the store and the sink, which it has.</summary>
/// <remarks>An attempt is named by run, shard and number, and is made once; what an earlier one left is never used.</remarks>
internal sealed record ShardOrder
{
    /// <summary>The backup that is being made.</summary>
    public required BackupId Run { get; init; }

    /// <summary>The number of the attempt at the shard, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>What to copy.</summary>
    public required Shard Shard { get; init; }

    /// <summary>The snapshot to read; <see langword="null"/> without a database.</summary>
    public SharedSnapshot? Snapshot { get; init; }

    /// <summary>Where the objects are listed; <see langword="null"/> without an object store.</summary>
    public ObjectListingMethod? Listing { get; init; }

    /// <summary>What the names of all objects begin with.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>How to work.</summary>
    public required BackupOptions Options { get; init; }

    /// <summary>Whether the shard goes on past a table that cannot be read. How many may fail is not the worker's to judge.</summary>
    public bool AllowsFailedTables { get; init; }

    /// <summary>Whether the shard goes on past an object that cannot be read.</summary>
    public bool AllowsFailedObjects { get; init; }
}
