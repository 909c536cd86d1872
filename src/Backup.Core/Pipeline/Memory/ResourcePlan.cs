using Backup.Core.Compression;
using Backup.Core.Hosting;
using Microsoft.Extensions.Options;

namespace Backup.Core.Pipeline.Memory;

/// <summary>How many connections, threads and bytes one run takes: what the settings say, and what automatic became.</summary>
/// <remarks>docs/architecture.md, "Memory", says why the sizes are what they are.</remarks>
internal sealed record ResourcePlan
{
    private const int MinSegmentBytes = 1024;
    private const int MaxSegmentBytes = 64 * 1024;
    private const int SegmentsPerBlock = 16;
    private const int AutomaticMemoryDivisor = 4;

    /// <summary>Fewer blocks than this in a share, and reading and packing one page take turns instead of overlapping.</summary>
    private const int ComfortableBlocksPerShare = 2;

    /// <summary>The number of readers.</summary>
    public required int Connections { get; init; }

    /// <summary>The number of packing threads.</summary>
    public required int Workers { get; init; }

    /// <summary>The memory that buffers may take, in bytes.</summary>
    public required long BudgetBytes { get; init; }

    /// <summary>The size of a raw block.</summary>
    public required int BlockBytes { get; init; }

    /// <summary>The most that a block can become.</summary>
    public required int MaxPackedBytes { get; init; }

    /// <summary>The size of the pieces that packed bytes wait in, so that a small packed block does not pin a large buffer.</summary>
    public int SegmentBytes => SegmentSize(BlockBytes);

    /// <summary>What a reader takes out of its page's share before it reads a block: the block and the most it can become.</summary>
    public int BlockCostBytes => BlockBytes + SegmentCost(MaxPackedBytes, SegmentBytes);

    /// <summary>The number of pages that may be read, packed or waiting for the archive at once.</summary>
    public int PagesInFlight => PagesFor(Connections);

    /// <summary>The share of the budget that each page in flight holds.</summary>
    public long ShareBytes => (BudgetBytes - OverheadBytes) / PagesInFlight;

    /// <summary>What is held for the whole run: each thread's destination to pack into, each reader's rest of a row.</summary>
    public long OverheadBytes => ((long)Workers * MaxPackedBytes) + ((long)Connections * BlockBytes);

    /// <summary>The packed size rounded up to whole segments.</summary>
    public static int SegmentCost(int packedBytes, int segmentBytes) =>
        (packedBytes + segmentBytes - 1) / segmentBytes * segmentBytes;

    /// <summary>The least budget with which a run gets on.</summary>
    public static long MinimumBudgetBytes(int connections, int workers, int blockBytes, int maxPackedBytes) =>
        BudgetFor(connections, workers, blockBytes, maxPackedBytes, blocksPerShare: 1);

    /// <summary>Turns settings into numbers.</summary>
    /// <exception cref="OptionsValidationException">The budget is too small for what was asked for by number.</exception>
    public static ResourcePlan Create(BackupOptions options, ICompressor compressor, HostLimits host)
    {
        var block = options.BlockBytes;
        var packed = compressor.GetMaxCompressedBytes(block);
        var connections = options.Connections ?? Math.Clamp(host.Processors, 1, BackupOptions.MaxAutomaticConnections);
        var workers = options.CompressionWorkers ?? Math.Max(host.Processors, 1);
        var budget = options.MemoryBudgetBytes ?? Math.Max(
            Math.Min(host.MemoryBytes / AutomaticMemoryDivisor, BackupOptions.MaxAutomaticMemoryBudgetBytes),
            BudgetFor(options.Connections ?? 1, options.CompressionWorkers ?? 1, block, packed, ComfortableBlocksPerShare));

        while (BudgetFor(connections, workers, block, packed, ComfortableBlocksPerShare) > budget)
        {
            if (options.CompressionWorkers is null && workers > 1 && (workers > connections || options.Connections is not null))
            {
                workers--;
            }
            else if (options.Connections is null && connections > 1)
            {
                connections--;
            }
            else
            {
                break;
            }
        }

        var minimum = MinimumBudgetBytes(connections, workers, block, packed);
        if (minimum > budget)
        {
            throw new OptionsValidationException(
                Options.DefaultName,
                typeof(BackupOptions),
                [$"{nameof(BackupOptions.MemoryBudgetBytes)} is {budget}, but {connections} connections and {workers} compression "
                    + $"workers with blocks of {block} bytes need at least {minimum}."]);
        }

        return new ResourcePlan
        {
            Connections = connections,
            Workers = workers,
            BudgetBytes = budget,
            BlockBytes = block,
            MaxPackedBytes = packed,
        };
    }

    private static int PagesFor(int connections) => connections + ((connections + 1) / 2);

    private static int SegmentSize(int blockBytes) =>
        Math.Clamp(blockBytes / SegmentsPerBlock, MinSegmentBytes, MaxSegmentBytes);

    private static long BudgetFor(int connections, int workers, int blockBytes, int maxPackedBytes, int blocksPerShare) =>
        ((long)workers * maxPackedBytes)
        + ((long)connections * blockBytes)
        + ((long)PagesFor(connections) * blocksPerShare * (blockBytes + SegmentCost(maxPackedBytes, SegmentSize(blockBytes))));
}
