using Backup.Core.Compression;
using Backup.Core.Hosting;
using Microsoft.Extensions.Options;

namespace Backup.Core.Pipeline.Memory;

/// <summary>How many connections, transfers, threads and bytes one run takes: what the settings say, and what automatic became.</summary>
/// <remarks>docs/architecture.md, "Memory", says why the sizes are what they are.</remarks>
internal sealed record ResourcePlan
{
    private const int AutomaticMemoryDivisor = 4;

    /// <summary>Fewer blocks than this in a share, and reading and packing one entry take turns instead of overlapping.</summary>
    private const int ComfortableBlocksPerShare = 2;

    private const int SmallestBlockBytes = 4096;
    private const int SizeClassFactor = 4;

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

    /// <summary>The number of shares: entries of full size that may be read, packed or waiting for the archive at once.</summary>
    public int Shares => InFlight(Connections) + ObjectShares;

    /// <summary>The most entries that can hold memory at once, all of them small.</summary>
    public int MaxEntries => (int)Math.Min(int.MaxValue, Math.Max(Shares, (BudgetBytes - OverheadBytes) / SizeClasses[0].BlockCostBytes));

    /// <summary>The share of the budget that an entry of full size holds.</summary>
    public long ShareBytes => (BudgetBytes - OverheadBytes) / Shares;

    /// <summary>What is held for the whole run: each thread's destination to pack into, each reader's rest of a row.</summary>
    public long OverheadBytes => ((long)Workers * Sizes.MaxPackedBytes) + ((long)Connections * Sizes.BlockBytes);

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
        BudgetFor(connections, objectShares, workers, sizes, blocksPerShare: 1);

    /// <summary>Turns settings into numbers.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="lanes">What the run copies.</param>
    /// <param name="compressor">What packs.</param>
    /// <param name="host">What the host offers.</param>
    /// <exception cref="OptionsValidationException">The budget is too small for what was asked for by number.</exception>
    public static ResourcePlan Create(BackupOptions options, RunLanes lanes, ICompressor compressor, HostLimits host)
    {
        var sizes = SizesOf(options.BlockBytes, compressor);
        var counts = Counts.Wanted(options, lanes, host);
        var budget = options.MemoryBudgetBytes ?? Math.Max(
            Math.Min(host.MemoryBytes / AutomaticMemoryDivisor, BackupOptions.MaxAutomaticMemoryBudgetBytes),
            counts.Least(options).Budget(sizes, ComfortableBlocksPerShare));
        while (counts.Budget(sizes, ComfortableBlocksPerShare) > budget && counts.TryReduce(options, out var fewer))
        {
            counts = fewer;
        }

        var minimum = counts.Budget(sizes, blocksPerShare: 1);
        if (minimum > budget)
        {
            throw new OptionsValidationException(
                Options.DefaultName,
                typeof(BackupOptions),
                [$"{nameof(BackupOptions.MemoryBudgetBytes)} is {budget}, but {counts.Connections} connections and {counts.Workers} compression "
                    + $"workers with blocks of {sizes.BlockBytes} bytes need at least {minimum}."]);
        }

        return new ResourcePlan
        {
            Connections = counts.Connections,
            Transfers = lanes.HasObjects ? options.Transfers : 0,
            Workers = counts.Workers,
            BudgetBytes = budget,
            ObjectShares = counts.ObjectShares,
            Sizes = sizes,
            SizeClasses = SizeClassesOf(options.BlockBytes, compressor),
        };
    }

    // A few more than are read at once, so that a reader can go on while its last entry is being packed and stored.
    private static int InFlight(int readers) => readers + ((readers + 1) / 2);

    private static long BudgetFor(int connections, int objectShares, int workers, EntrySizes sizes, int blocksPerShare) =>
        ((long)workers * sizes.MaxPackedBytes)
        + ((long)connections * sizes.BlockBytes)
        + ((long)(InFlight(connections) + objectShares) * blocksPerShare * sizes.BlockCostBytes);

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

    /// <summary>The numbers that give way where memory is short.</summary>
    private readonly record struct Counts(int Connections, int ObjectShares, int Workers)
    {
        /// <summary>What the settings and the host ask for, whatever it costs.</summary>
        public static Counts Wanted(BackupOptions options, RunLanes lanes, HostLimits host) => new(
            lanes.HasRows ? options.Connections ?? Math.Clamp(host.Processors, 1, BackupOptions.MaxAutomaticConnections) : 0,
            lanes.HasObjects ? InFlight(options.Transfers) : 0,
            options.CompressionWorkers ?? Math.Max(host.Processors, 1));

        /// <summary>The fewest that the settings allow.</summary>
        public Counts Least(BackupOptions options) => new(
            Connections == 0 ? 0 : options.Connections ?? 1, Math.Min(ObjectShares, 1), options.CompressionWorkers ?? 1);

        /// <summary>The memory that they take.</summary>
        public long Budget(EntrySizes sizes, int blocksPerShare) => BudgetFor(Connections, ObjectShares, Workers, sizes, blocksPerShare);

        /// <summary>Gives up what is missed least.</summary>
        public bool TryReduce(BackupOptions options, out Counts fewer)
        {
            // Packers beyond one for each reader first; then large objects at once, as small ones need no share; then readers.
            var readers = Connections + Math.Min(ObjectShares, options.Transfers);
            fewer = this switch
            {
                { Workers: > 1 } when options.CompressionWorkers is null && Workers > readers => this with { Workers = Workers - 1 },
                { ObjectShares: > 1 } => this with { ObjectShares = ObjectShares - 1 },
                { Workers: > 1 } when options.CompressionWorkers is null && (Workers > Connections || options.Connections is not null) =>
                    this with { Workers = Workers - 1 },
                { Connections: > 1 } when options.Connections is null => this with { Connections = Connections - 1 },
                _ => this,
            };
            return fewer != this;
        }
    }
}
