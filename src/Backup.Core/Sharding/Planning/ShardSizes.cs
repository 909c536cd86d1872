namespace Backup.Core.Sharding.Planning;

/// <summary>How large shards are: small enough that all workers have something to do to the end, large enough that they are not many.</summary>
/// <param name="MinBytes">The size below which nothing is divided: each shard takes a few connections and a volume of its own.</param>
/// <param name="MaxBytes">The most that is lost with a worker, and done again.</param>
/// <param name="PerWorker">How many shards there are for each worker, as far as the bounds allow.</param>
internal readonly record struct ShardSizes(long MinBytes, long MaxBytes, int PerWorker)
{
    /// <summary>What a table or an object costs beside its bytes, as bytes.</summary>
    public const long ItemBytes = 64 * 1024;

    /// <summary>The sizes of runs.</summary>
    public static readonly ShardSizes Default = new(16L * 1024 * 1024, 1024L * 1024 * 1024, 4);

    /// <summary>The size of a shard in a run.</summary>
    /// <param name="totalBytes">About how much all of the run is.</param>
    /// <param name="workers">How many workers there are.</param>
    public long TargetBytes(long totalBytes, int workers) => Math.Clamp(totalBytes / ((long)workers * PerWorker), MinBytes, MaxBytes);
}
