using Backup.Core.Hosting.Probes;

namespace Backup.Core.Hosting;

/// <summary>What the process may use of its host, each value with its source: the facts that automatic settings rest on.</summary>
public sealed record HostLimits
{
    // In a container the collector takes three quarters of the limit by itself; only less than that was set by somebody.
    private const double OwnShareOfLimit = 0.74;

    /// <summary>What kind of host it is.</summary>
    public required HostValue<HostPlatform> Platform { get; init; }

    /// <summary>How many processors the process may use; a fraction where a quota grants it one only part of the time.</summary>
    public required HostValue<double> Processors { get; init; }

    /// <summary>The memory that the process may take, in bytes: the least of what the platform and its control groups grant, or else the memory
    /// of the machine.</summary>
    public required HostValue<long> MemoryBytes { get; init; }

    /// <summary>Whether <see cref="MemoryBytes"/> is a limit on this process rather than all the memory of the machine.</summary>
    public required bool IsMemoryLimited { get; init; }

    /// <summary>The memory that the garbage collector plans with, in bytes. In a container it is three quarters of the limit unless set; a heap is
    /// a part of what a process takes.</summary>
    public required HostValue<long> HeapBytes { get; init; }

    /// <summary>The folder for temporary files; <see langword="null"/> when none can be written.</summary>
    public HostValue<TempFolder>? TempFolder { get; init; }

    /// <summary>The longest that the host lets one invocation run, as far as its platform tells; <see langword="null"/> when there is no limit or none
    /// is known.</summary>
    public HostValue<TimeSpan>? TimeLimit { get; init; }

    /// <summary>Asks the environment, the control groups, the garbage collector and the disk. A small file is written into the folder for temporary
    /// files and removed; nothing else is changed.</summary>
    /// <param name="overrides">Values to take instead of detecting them; <see langword="null"/> for none.</param>
    /// <returns>What was found. What cannot be read is left to the next source; nothing is thrown for it.</returns>
    /// <exception cref="ArgumentException">A value of <paramref name="overrides"/> cannot be.</exception>
    public static HostLimits Detect(HostOverrides? overrides = null)
    {
        overrides ??= new HostOverrides();
        return overrides.Validate().FirstOrDefault() is { } fault
            ? throw new ArgumentException(fault, nameof(overrides))
            : Detect(overrides, RunningSystem.Instance);
    }

    /// <summary>Asks a system.</summary>
    internal static HostLimits Detect(HostOverrides overrides, HostSystem system)
    {
        var platform = PlatformTable.Detect(system, overrides.Platform);
        var groups = ControlGroups.Read(system);
        var memory = MemoryLimit.Detect(overrides, platform, groups, system);
        var folders = TempFolders.Of(overrides.TempFolder, platform, system);
        return new HostLimits
        {
            Platform = new(platform.Kind, platform.Source),
            Processors = ProcessorLimit.Detect(overrides, platform, groups, system),
            MemoryBytes = memory.Value,
            IsMemoryLimited = memory.IsLimit,
            HeapBytes = MemoryLimit.DetectHeap(overrides, system),
            TempFolder = folders.TryChoose(neededBytes: 0),
            TimeLimit = overrides.TimeLimit is { } limit ? new(limit, "set") : platform.TimeLimit,
        };
    }

    /// <summary>The memory that a profile is chosen by: a heap that somebody keeps small says as much as a small host.</summary>
    internal long MemoryToChooseBy => HeapBytes.Value < MemoryBytes.Value * OwnShareOfLimit ? HeapBytes.Value : MemoryBytes.Value;

    /// <summary>All values in words, in the order in which people ask.</summary>
    internal IReadOnlyList<ExplainedValue> Explain()
    {
        var values = new List<ExplainedValue>
        {
            new("platform", Platform.Value.ToString(), Platform.Source),
            new("processors", ExplainedValue.Number(Processors.Value), Processors.Source),
            new("memory", ExplainedValue.Bytes(MemoryBytes.Value), MemoryBytes.Source),
            new("heap", ExplainedValue.Bytes(HeapBytes.Value), HeapBytes.Source),
            TempFolder is { } folder
                ? new("temporary folder", folder.Value.ToString(), folder.Source)
                : new("temporary folder", "none", "no folder can be written"),
            TimeLimit is { } limit
                ? new("time limit", limit.Value.ToString("c", System.Globalization.CultureInfo.InvariantCulture), limit.Source)
                : new("time limit", "none", "none is known of this platform"),
        };
        return values;
    }
}
