using Backup.Core.Archives;
using Backup.Core.Hosting;

namespace Backup.Core.Pipeline.Memory;

/// <summary>What a profile gives where no setting does: the one table of these numbers.</summary>
/// <remarks>docs/operations.md, "Small hosts", shows them and says where they come from.</remarks>
internal sealed record ProfileValues
{
    /// <summary>At most this much memory makes a host a constrained one: 512 MiB.</summary>
    public const long ConstrainedMemoryBytes = 512 * MiB;

    /// <summary>At least this much memory, with as many processors as <see cref="HighProcessors"/>, makes it a large one: 8 GiB.</summary>
    public const long HighMemoryBytes = 8192 * MiB;

    /// <summary>At least so many processors, with <see cref="HighMemoryBytes"/>, make it a large one.</summary>
    public const int HighProcessors = 8;

    private const long MiB = 1024 * 1024;

    private static readonly ProfileValues ConstrainedValues = new()
    {
        Profile = BackupProfile.Constrained,
        LeastConnections = 2,
        MostConnections = 2,
        MostWorkers = 2,
        Transfers = 3,
        BlockBytes = 256 * 1024,
        MostBudgetBytes = 8 * MiB,
        IndexBytes = 3 * MiB / 2,
        ParentIndexBytes = 6 * MiB,
        EntriesPerVolume = 16_000,
        MostLowWatermarkBytes = 150_000_000,
        MostHighWatermarkBytes = 200_000_000,
    };

    private static readonly ProfileValues DefaultValues = new()
    {
        Profile = BackupProfile.Default,
        LeastConnections = 1,
        MostConnections = BackupOptions.MaxAutomaticConnections,
        MostWorkers = 256,
        Transfers = BackupOptions.DefaultTransfers,
        BlockBytes = BackupOptions.DefaultBlockBytes,
        MostBudgetBytes = BackupOptions.MaxAutomaticMemoryBudgetBytes,
        IndexBytes = ArchiveWriterOptions.DefaultIndexBytes,
        ParentIndexBytes = 24 * MiB,
        EntriesPerVolume = ArchiveWriterOptions.DefaultMaxEntriesPerVolume,
    };

    private static readonly ProfileValues HighValues = DefaultValues with
    {
        Profile = BackupProfile.High,
        MostConnections = 8,
        Transfers = 20,
        MostBudgetBytes = 256 * MiB,
    };

    /// <summary>The profile.</summary>
    public required BackupProfile Profile { get; init; }

    /// <summary>The fewest readers of rows, however few processors there are.</summary>
    public required int LeastConnections { get; init; }

    /// <summary>The most readers of rows, however many processors there are.</summary>
    public required int MostConnections { get; init; }

    /// <summary>The most packing threads.</summary>
    public required int MostWorkers { get; init; }

    /// <summary>The objects that are downloaded at once.</summary>
    public required int Transfers { get; init; }

    /// <summary>The size of a raw block.</summary>
    public required int BlockBytes { get; init; }

    /// <summary>The largest budget that is taken unasked.</summary>
    public required long MostBudgetBytes { get; init; }

    /// <summary>The memory that the index of the volume being written takes at the most.</summary>
    public required long IndexBytes { get; init; }

    /// <summary>The memory that what an incremental run knows of its parent's entries takes at the most.</summary>
    public required long ParentIndexBytes { get; init; }

    /// <summary>The most entries of a volume, whose directory is in memory until it is closed.</summary>
    public required int EntriesPerVolume { get; init; }

    /// <summary>The low watermark, where its share of the limit is not less; <see langword="null"/> for that share.</summary>
    public long? MostLowWatermarkBytes { get; init; }

    /// <summary>The high watermark, where its share of the limit is not less; <see langword="null"/> for that share.</summary>
    public long? MostHighWatermarkBytes { get; init; }

    /// <summary>The values of a profile.</summary>
    /// <param name="profile">The profile; not <see cref="BackupProfile.Automatic"/>.</param>
    public static ProfileValues Of(BackupProfile profile) => profile switch
    {
        BackupProfile.Constrained => ConstrainedValues,
        BackupProfile.Default => DefaultValues,
        BackupProfile.High => HighValues,
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, "There is no such profile."),
    };

    /// <summary>The profile of a run, and why it is that one.</summary>
    public static (ProfileValues Values, string Reason) Choose(BackupProfile profile, HostLimits host)
    {
        if (profile != BackupProfile.Automatic)
        {
            return (Of(profile), "set");
        }

        var (memory, processors) = (host.MemoryToChooseBy, host.Processors.Value);
        var found = $"{ExplainedValue.Bytes(memory)} of memory and {ExplainedValue.Number(processors)} processors";
        return memory <= ConstrainedMemoryBytes ? (ConstrainedValues, $"at most {ExplainedValue.Bytes(ConstrainedMemoryBytes)}: {found}")
            : processors < 1 ? (ConstrainedValues, $"less than one processor: {found}")
            : processors >= HighProcessors && memory >= HighMemoryBytes
                ? (HighValues, $"at least {HighProcessors} processors and {ExplainedValue.Bytes(HighMemoryBytes)}: {found}")
                : (DefaultValues, $"neither small nor large: {found}");
    }
}
