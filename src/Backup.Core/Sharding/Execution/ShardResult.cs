using Backup.Core.Archives.Manifest;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Distribution;

namespace Backup.Core.Sharding.Execution;

/// <summary>What an attempt at a shard has made durable, for the manifest.</summary>
internal sealed record ShardResult
{
    /// <summary>The shard.</summary>
    public required int Shard { get; init; }

    /// <summary>The number of the attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The volumes, under the numbers that the coordinator gave.</summary>
    public required IReadOnlyList<VolumeRecord> Volumes { get; init; }

    /// <summary>Their index, likewise.</summary>
    public required IReadOnlyList<IndexPartRecord> IndexParts { get; init; }

    /// <summary>The number of entries in them.</summary>
    public required long Entries { get; init; }

    /// <summary>The size of these before packing, in bytes.</summary>
    public required long RawBytes { get; init; }

    /// <summary>What became of each of the shard's tables, in their order.</summary>
    public IReadOnlyList<ShardTableResult> Tables { get; init; } = [];

    /// <summary>What became of each of the shard's ranges, in their order.</summary>
    public IReadOnlyList<ShardRangeResult> Ranges { get; init; } = [];

    /// <summary>The objects that could not be copied.</summary>
    public IReadOnlyList<FailureRecord> Failures { get; init; } = [];

    /// <summary>The last reason among those; <see langword="null"/> when there is none.</summary>
    public ShardFault? LastFault { get; init; }

    /// <summary>What was tried again.</summary>
    public RetryCounts Retries { get; init; } = RetryCounts.None;

    /// <summary>All that was copied.</summary>
    public WorkerCounts Counts { get; init; }
}

/// <summary>What an attempt stored of a table's part.</summary>
/// <param name="Pages">The entries.</param>
/// <param name="Rows">The rows in them.</param>
/// <param name="RawBytes">Their size, in bytes.</param>
/// <param name="Fault">Why the table could not be read; <see langword="null"/> when it could.</param>
internal sealed record ShardTableResult(int Pages, long Rows, long RawBytes, ShardFault? Fault = null);

/// <summary>What an attempt listed and stored of a range of objects.</summary>
/// <param name="Listed">The objects listed.</param>
/// <param name="Stored">Those stored.</param>
/// <param name="StoredBytes">Their size, in bytes.</param>
/// <param name="Failed">Those that could not be copied.</param>
internal sealed record ShardRangeResult(long Listed, long Stored, long StoredBytes, long Failed);
