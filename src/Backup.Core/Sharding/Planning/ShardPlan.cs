using Backup.Core.Archives;
using Backup.Core.ObjectStores;
using Backup.Core.Postgres;

namespace Backup.Core.Sharding.Planning;

/// <summary>A run divided into shards. Each page of each table and each name of each bucket is in exactly one of them.</summary>
internal sealed record ShardPlan
{
    /// <summary>The backup that is being made.</summary>
    public required BackupId Run { get; init; }

    /// <summary>What workers join to read; <see langword="null"/> without a database.</summary>
    public SharedSnapshot? Snapshot { get; init; }

    /// <summary>Where the objects are listed; <see langword="null"/> without an object store.</summary>
    public ObjectListingMethod? Listing { get; init; }

    /// <summary>What the names of all objects begin with.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The shards, the largest first.</summary>
    public required IReadOnlyList<Shard> Shards { get; init; }
}
