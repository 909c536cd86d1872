namespace Backup.Core.Sharding.Planning;

/// <summary>A part of a run's work that one worker does at a time: pages of tables, or objects. No two shards hold the same.</summary>
internal sealed record Shard
{
    /// <summary>Its number in the plan, from 1.</summary>
    public required int Id { get; init; }

    /// <summary>The pages to read; none where it is of objects.</summary>
    public IReadOnlyList<ShardTable> Tables { get; init; } = [];

    /// <summary>The objects to copy; none where it is of tables.</summary>
    public IReadOnlyList<ShardRange> Ranges { get; init; } = [];

    /// <summary>About how much it is, in bytes, with something for each table and each object: the largest are done first.</summary>
    public required long EstimatedBytes { get; init; }

    /// <summary>The shard for people.</summary>
    public override string ToString() => Tables.Count > 0
        ? $"shard {Id} ({Tables[0].Info.Name}{(Tables.Count > 1 ? $" and {Tables.Count - 1} more" : "")})"
        : $"shard {Id} (bucket {(Ranges.Count > 0 ? Ranges[0].Bucket : "none")}{(Ranges.Count > 1 ? $" and {Ranges.Count - 1} more" : "")})";
}
