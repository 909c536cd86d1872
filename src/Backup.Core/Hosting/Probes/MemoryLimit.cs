namespace Backup.Core.Hosting.Probes;

/// <summary>Decides what the process may take of the memory: the least limit that anybody sets.</summary>
/// <param name="Value">The memory, in bytes.</param>
/// <param name="IsLimit">Whether it is a limit rather than all that the machine has.</param>
internal readonly record struct MemoryLimit(HostValue<long> Value, bool IsLimit)
{
    // In a container the collector takes three quarters of the limit by itself; only less than that was set by somebody.
    private const double OwnShareOfLimit = 0.74;

    /// <summary>Finds the limit.</summary>
    public static MemoryLimit Detect(HostOverrides overrides, DetectedPlatform platform, ControlGroups groups, HostSystem system)
    {
        if (overrides.MemoryBytes is { } said)
        {
            return new(new(said, "set"), IsLimit: true);
        }

        var limit = platform.MemoryBytes;
        if (groups.FindMemoryLimit() is { } group && !(limit?.Value < group.Value))
        {
            limit = group;
        }

        var heap = system.HeapBytes;
        if (limit is not null && heap >= limit.Value * OwnShareOfLimit)
        {
            return new(limit, IsLimit: true);
        }

        return HeapLimitOf(system) is { } hard
            ? new(new(heap, $"hard limit of the garbage collector, {hard}"), IsLimit: true)
            : limit is not null
                ? new(new(Math.Min(heap, limit.Value), "garbage collector, below every other limit"), IsLimit: true)
                : new(new(heap, "memory of the machine, as the garbage collector sees it"), IsLimit: false);
    }

    private static string? HeapLimitOf(HostSystem system)
    {
        string[] names = ["DOTNET_GCHeapHardLimit", "DOTNET_GCHeapHardLimitPercent", "COMPlus_GCHeapHardLimit", "COMPlus_GCHeapHardLimitPercent"];
        return names.FirstOrDefault(name => system.GetVariable(name) is not null) is { } found ? $"environment variable {found}" : null;
    }
}
