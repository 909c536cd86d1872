using Backup.Core.Compression;
using Backup.Core.Hosting;
using Microsoft.Extensions.Options;

namespace Backup.Core.Pipeline.Memory;

/// <summary>How many connections, threads and bytes one run takes: what the settings say, and what automatic became.</summary>
/// <remarks>docs/architecture.md, "Memory", says why the sizes are what they are.</remarks>
internal sealed record ResourcePlan
{
    private const int AutomaticMemoryDivisor = 4;

    /// <summary>Fewer blocks than this in a share, and reading and packing one page take turns instead of overlapping.</summary>
    private const int ComfortableBlocksPerShare = 2;

    /// <summary>The number of readers.</summary>
    public required int Connections { get; init; }

    /// <summary>The number of packing threads.</summary>
    public required int Workers { get; init; }

    /// <summary>The memory that buffers may take, in bytes.</summary>
    public required long BudgetBytes { get; init; }

    /// <summary>The sizes of a page's buffers.</summary>
    public required EntrySizes Sizes { get; init; }

    /// <summary>The number of pages that may be read, packed or waiting for the archive at once.</summary>
    public int PagesInFlight => PagesFor(Connections);

    /// <summary>The share of the budget that each page in flight holds.</summary>
    public long ShareBytes => (BudgetBytes - OverheadBytes) / PagesInFlight;

    /// <summary>What is held for the whole run: each thread's destination to pack into, each reader's rest of a row.</summary>
    public long OverheadBytes => ((long)Workers * Sizes.MaxPackedBytes) + ((long)Connections * Sizes.BlockBytes);

    /// <summary>The least budget with which a run gets on.</summary>
    public static long MinimumBudgetBytes(int connections, int workers, EntrySizes sizes) =>
        BudgetFor(connections, workers, sizes, blocksPerShare: 1);

    /// <summary>Turns settings into numbers.</summary>
    /// <exception cref="OptionsValidationException">The budget is too small for what was asked for by number.</exception>
    public static ResourcePlan Create(BackupOptions options, ICompressor compressor, HostLimits host)
    {
        var sizes = new EntrySizes(options.BlockBytes, compressor.GetMaxCompressedBytes(options.BlockBytes));
        var connections = options.Connections ?? Math.Clamp(host.Processors, 1, BackupOptions.MaxAutomaticConnections);
        var workers = options.CompressionWorkers ?? Math.Max(host.Processors, 1);
        var budget = options.MemoryBudgetBytes ?? Math.Max(
            Math.Min(host.MemoryBytes / AutomaticMemoryDivisor, BackupOptions.MaxAutomaticMemoryBudgetBytes),
            BudgetFor(options.Connections ?? 1, options.CompressionWorkers ?? 1, sizes, ComfortableBlocksPerShare));

        while (BudgetFor(connections, workers, sizes, ComfortableBlocksPerShare) > budget)
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

        var minimum = MinimumBudgetBytes(connections, workers, sizes);
        if (minimum > budget)
        {
            throw new OptionsValidationException(
                Options.DefaultName,
                typeof(BackupOptions),
                [$"{nameof(BackupOptions.MemoryBudgetBytes)} is {budget}, but {connections} connections and {workers} compression "
                    + $"workers with blocks of {sizes.BlockBytes} bytes need at least {minimum}."]);
        }

        return new ResourcePlan
        {
            Connections = connections,
            Workers = workers,
            BudgetBytes = budget,
            Sizes = sizes,
        };
    }

    private static int PagesFor(int connections) => connections + ((connections + 1) / 2);

    private static long BudgetFor(int connections, int workers, EntrySizes sizes, int blocksPerShare) =>
        ((long)workers * sizes.MaxPackedBytes)
        + ((long)connections * sizes.BlockBytes)
        + ((long)PagesFor(connections) * blocksPerShare * sizes.BlockCostBytes);
}
