using Backup.Core.Compression;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>The settings of a run.</summary>
internal sealed record FaultShape
{
    private const int BlockBytes = 4096;

    public bool HasDatabase { get; private init; }

    public bool HasStore { get; private init; }

    /// <summary>Whether the snapshot lists the objects; otherwise the store does.</summary>
    public bool IsListedInDatabase { get; private init; }

    public bool SharesConnection { get; private init; }

    public bool HidesSizes { get; private init; }

    public bool SupportsRanges { get; private init; }

    public bool ContinueOnTableFailure { get; private init; }

    public int MaxReadBytes { get; private init; }

    public int Connections { get; private init; }

    public int Workers { get; private init; }

    public int Transfers { get; private init; }

    public int PageBlocks { get; private init; }

    public long? VolumeBytes { get; private init; }

    public int SpareBytes { get; private init; }

    public int MaxObjectFailures { get; private init; }

    public bool Packs { get; private init; }

    /// <summary>How often something is tried.</summary>
    public int MaxAttempts { get; private init; }

    /// <summary>Whether a run that did not come to its end is resumed.</summary>
    public bool IsResumable { get; private init; }

    public bool HasTimeBudget { get; private init; }

    public bool AllowMixedTables { get; private init; }

    /// <summary>Whether rows and objects change between two parts.</summary>
    public bool Changes { get; private init; }

    /// <summary>Whether the run builds on a backup that was made before it.</summary>
    public bool IsIncremental { get; private init; }

    /// <summary>Draws settings.</summary>
    public static FaultShape Draw(Random random)
    {
        var lanes = random.Next(5);
        var isResumable = random.Next(5) < 3;
        var allowsMixed = isResumable && random.Next(3) == 0;
        return new FaultShape
        {
            HasDatabase = lanes > 0,
            HasStore = lanes != 1,
            IsListedInDatabase = lanes > 1 && random.Next(3) > 0,
            SharesConnection = random.Next(4) == 0,
            HidesSizes = random.Next(4) == 0,
            SupportsRanges = random.Next(4) > 0,
            ContinueOnTableFailure = random.Next(4) > 0,
            MaxReadBytes = random.Next(3) == 0 ? random.Next(100, 5000) : int.MaxValue,
            Connections = random.Next(1, 4),
            Workers = random.Next(1, 3),
            Transfers = random.Next(1, 4),
            PageBlocks = 1 << random.Next(4),
            VolumeBytes = random.Next(3) == 0 ? null : random.Next(10_000, 60_000),
            SpareBytes = random.Next(0, 100_000),
            MaxObjectFailures = random.Next(4) switch { 0 => 0, 1 => 1, _ => 1000 },
            Packs = random.Next(5) == 0,
            MaxAttempts = random.Next(1, 4),
            IsResumable = isResumable,
            HasTimeBudget = isResumable && random.Next(4) > 0,
            AllowMixedTables = allowsMixed,
            Changes = isResumable && !allowsMixed && random.Next(2) == 0,
            IsIncremental = random.Next(3) == 0,
        };
    }

    /// <summary>What may fail.</summary>
    public FailurePolicy ToPolicy() => new()
    {
        Tables = ContinueOnTableFailure ? FailureLimit.Continue : FailureLimit.FailFast,
        Objects = FailureLimit.AtMost(MaxObjectFailures),
    };

    /// <summary>What packs.</summary>
    public ICompressor NewCompressor() => Packs ? new ZstandardCompressor() : new NoCompressor();

    /// <summary>The pipeline's options: blocks so small, and memory so little, that large pages and objects are streamed.</summary>
    public BackupOptions ToOptions()
    {
        var sizes = new EntrySizes(BlockBytes, NewCompressor().GetMaxCompressedBytes(BlockBytes));
        return new BackupOptions
        {
            Connections = Connections,
            CompressionWorkers = Workers,
            Transfers = Transfers,
            BlockBytes = BlockBytes,
            PageBytes = 64 * 1024,
            PageBlocks = PageBlocks,
            VolumeBytes = VolumeBytes,
            Retries = { BaseDelay = TimeSpan.Zero, MaxAttempts = MaxAttempts },
            MemoryBudgetBytes = ResourcePlan.MinimumBudgetBytes(Connections, 1, Workers, sizes) + SpareBytes,
        };
    }
}
