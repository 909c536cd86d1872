using Backup.Core.Compression;
using Backup.Core.Hosting;
using Backup.Core.Postgres;
using Microsoft.Extensions.Options;

namespace Backup.Core.Pipeline.Memory;

/// <summary>How many connections, transfers, threads and bytes one run takes: what the settings say, and what automatic became.</summary>
/// <remarks>docs/architecture.md, "Memory", says why the sizes are what they are.</remarks>
internal sealed record ResourcePlan
{
    /// <summary>The part of the memory that an automatic budget takes: one in so many.</summary>
    public const int AutomaticMemoryDivisor = 4;

    /// <summary>Fewer blocks than this in a share, and reading and packing one entry take turns instead of overlapping.</summary>
    private const int ComfortableBlocksPerShare = 2;

    private const int SmallestBlockBytes = 4096;
    private const int SizeClassFactor = 4;

    /// <summary>The profile that what is not set comes from.</summary>
    public required BackupProfile Profile { get; init; }

    /// <summary>The number of readers of rows; 0 in a run without a database.</summary>
    public required int Connections { get; init; }

    /// <summary>The number of objects that are downloaded at once; 0 in a run without an object store.</summary>
    public required int Transfers { get; init; }

    /// <summary>The number of packing threads.</summary>
    public required int Workers { get; init; }

    /// <summary>The memory that buffers may take, in bytes.</summary>
    public required long BudgetBytes { get; init; }

    /// <summary>The number of shares that there are for objects beside those for pages.</summary>
    public required int ObjectShares { get; init; }

    /// <summary>The sizes of the buffers of pages and of objects that are larger than a block.</summary>
    public required EntrySizes Sizes { get; init; }

    /// <summary>The sizes of the buffers of small objects, the smallest first; the last are <see cref="Sizes"/>.</summary>
    public required IReadOnlyList<EntrySizes> SizeClasses { get; init; }

    /// <summary>The size of table data that a page covers at the most, in bytes.</summary>
    public required long PageBytes { get; init; }

    /// <summary>The number of heap blocks that a page covers at the most.</summary>
    public required int PageBlocks { get; init; }

    /// <summary>The memory that the index of the volume being written takes at the most, in bytes; beside the budget.</summary>
    public required long IndexBytes { get; init; }

    /// <summary>The memory that what an incremental run knows of its parent's entries may take, in bytes. Outside the budget.</summary>
    public required long ParentIndexBytes { get; init; }

    /// <summary>The most entries of a volume.</summary>
    public required int EntriesPerVolume { get; init; }

    /// <summary>The memory of the process, in bytes, above which less is read at once.</summary>
    public required long LowWatermarkBytes { get; init; }

    /// <summary>The memory of the process, in bytes, above which buffers are given back and the collector compacts.</summary>
    public required long HighWatermarkBytes { get; init; }

    /// <summary>Every value in words, with the reason for it.</summary>
    public IReadOnlyList<ExplainedValue> Explanations { get; init; } = [];

    /// <summary>The number of shares: entries of full size that may be read, packed or waiting for the archive at once.</summary>
    public int Shares => InFlight(Connections) + ObjectShares;

    /// <summary>The most entries that can hold memory at once, all of them small.</summary>
    public int MaxEntries => (int)Math.Min(int.MaxValue, Math.Max(Shares, (BudgetBytes - OverheadBytes) / SizeClasses[0].BlockCostBytes));

    /// <summary>The share of the budget that an entry of full size holds.</summary>
    public long ShareBytes => (BudgetBytes - OverheadBytes) / Shares;

    /// <summary>What is held for the whole run: each thread's destination to pack into, each reader's rest of a row.</summary>
    public long OverheadBytes => ((long)Workers * Sizes.MaxPackedBytes) + ((long)Connections * Sizes.BlockBytes);

    /// <summary>What of this the database side needs to cut tables into pages.</summary>
    public PageLimits ToPageLimits() => new() { TargetBytes = PageBytes, MaxBlocks = PageBlocks };

    /// <summary>The part of the budget, in bytes, that work needs to go on: a share for each reader of rows, at least one.</summary>
    /// <remarks>Fewer would not do: all readers but one may hold a share while they wait for that one's connection.</remarks>
    public long SlowedBytes => OverheadBytes + (Math.Max(Connections, 1) * ShareBytes);

    /// <summary>The sizes of an object's buffers: the smallest block that holds all of it, if one does.</summary>
    /// <param name="objectBytes">The object's size; <see langword="null"/> when it is not known.</param>
    public EntrySizes SizesFor(long? objectBytes)
    {
        foreach (var sizes in SizeClasses)
        {
            if (objectBytes <= sizes.BlockBytes)
            {
                return sizes;
            }
        }

        return Sizes;
    }

    /// <summary>The memory that an object's entry is given: no more than it can use, and never more than a share.</summary>
    /// <param name="objectBytes">The object's size; <see langword="null"/> when it is not known.</param>
    public long ShareFor(long? objectBytes)
    {
        var sizes = SizesFor(objectBytes);
        var blocks = objectBytes is { } bytes ? Math.Max(1, (bytes / sizes.BlockBytes) + (bytes % sizes.BlockBytes > 0 ? 1 : 0)) : long.MaxValue;
        return blocks > ShareBytes / sizes.BlockCostBytes ? ShareBytes : blocks * sizes.BlockCostBytes;
    }

    /// <summary>The least budget with which a run gets on.</summary>
    /// <param name="connections">The readers of rows, 0 without a database.</param>
    /// <param name="objectShares">The shares for objects, 0 without an object store.</param>
    /// <param name="workers">The packing threads.</param>
    /// <param name="sizes">The sizes of full buffers.</param>
    public static long MinimumBudgetBytes(int connections, int objectShares, int workers, EntrySizes sizes) =>
        BudgetFor(new ResourceCounts(connections, objectShares, workers), sizes, blocksPerShare: 1);

    /// <summary>Turns settings into numbers.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="lanes">What the run copies.</param>
    /// <param name="compressor">What packs.</param>
    /// <param name="host">What the host offers.</param>
    /// <exception cref="OptionsValidationException">The budget is too small for what was asked for by number.</exception>
    public static ResourcePlan Create(BackupOptions options, RunLanes lanes, ICompressor compressor, HostLimits host)
    {
        var (values, reason) = ProfileValues.Choose(options.Profile, host);
        var sizes = SizesOf(options.BlockBytes ?? values.BlockBytes, compressor);
        var transfers = lanes.HasObjects ? options.Transfers ?? values.Transfers : 0;
        var wanted = ResourceCounts.Wanted(options, lanes, values, host, InFlight(transfers));
        var budget = options.MemoryBudgetBytes ?? Math.Max(
            Math.Min(AutomaticMemory(host) / AutomaticMemoryDivisor, values.MostBudgetBytes),
            BudgetFor(wanted.Least(options), sizes, ComfortableBlocksPerShare));
        var counts = wanted;
        while (BudgetFor(counts, sizes, ComfortableBlocksPerShare) > budget && counts.TryReduce(options, transfers, out var fewer))
        {
            counts = fewer;
        }

        var minimum = BudgetFor(counts, sizes, blocksPerShare: 1);
        if (minimum > budget)
        {
            throw new OptionsValidationException(
                Options.DefaultName,
                typeof(BackupOptions),
                [$"{nameof(BackupOptions.MemoryBudgetBytes)} is {budget}, but {counts.Connections} connections and {counts.Workers} compression "
                    + $"workers with blocks of {sizes.BlockBytes} bytes need at least {minimum}."]);
        }

        var marks = Watermarks.Choose(options, values, host);
        var plan = new ResourcePlan
        {
            Profile = values.Profile,
            Connections = counts.Connections,
            Transfers = transfers,
            Workers = counts.Workers,
            BudgetBytes = budget,
            ObjectShares = counts.ObjectShares,
            Sizes = sizes,
            SizeClasses = SizeClassesOf(sizes.BlockBytes, compressor),
            PageBytes = options.PageBytes ?? BackupOptions.DefaultPageBytes,
            PageBlocks = options.PageBlocks ?? BackupOptions.DefaultPageBlocks,
            IndexBytes = values.IndexBytes,
            ParentIndexBytes = values.ParentIndexBytes,
            EntriesPerVolume = values.EntriesPerVolume,
            LowWatermarkBytes = marks.LowBytes,
            HighWatermarkBytes = marks.HighBytes,
        };
        return plan with { Explanations = new PlanReasons(plan, options, values, host, wanted).Explain(reason) };
    }

    /// <summary>The same plan for as many connections as the server gave.</summary>
    public ResourcePlan WithConnections(int connections) => connections == Connections ? this : this with
    {
        Connections = connections,
        Explanations = PlanReasons.WithConnections(Explanations, connections),
    };

    /// <summary>The memory that an automatic budget is a part of: what the process may take, where its heap may grow as far.</summary>
    public static long AutomaticMemory(HostLimits host) => Math.Min(host.MemoryBytes.Value, host.HeapBytes.Value);

    // A few more than are read at once, so that a reader can go on while its last entry is being packed and stored.
    private static int InFlight(int readers) => readers + ((readers + 1) / 2);

    private static long BudgetFor(ResourceCounts counts, EntrySizes sizes, int blocksPerShare) =>
        ((long)counts.Workers * sizes.MaxPackedBytes)
        + ((long)counts.Connections * sizes.BlockBytes)
        + ((long)(InFlight(counts.Connections) + counts.ObjectShares) * blocksPerShare * sizes.BlockCostBytes);

    // Objects that are packed already are stored as they are, whatever the compressor.
    private static EntrySizes SizesOf(int blockBytes, ICompressor compressor) =>
        new(blockBytes, Math.Max(blockBytes, compressor.GetMaxCompressedBytes(blockBytes)));

    private static List<EntrySizes> SizeClassesOf(int blockBytes, ICompressor compressor)
    {
        var classes = new List<EntrySizes>();
        for (var size = SmallestBlockBytes; size < blockBytes; size *= SizeClassFactor)
        {
            classes.Add(SizesOf(size, compressor));
        }

        classes.Add(SizesOf(blockBytes, compressor));
        return classes;
    }
}
