using System.Globalization;

namespace Backup.Core.Hosting.Probes;

/// <summary>Decides what the process may take of the memory: the least limit that anybody sets, or all that the machine has.</summary>
/// <param name="Value">The memory, in bytes.</param>
/// <param name="IsLimit">Whether it is a limit rather than all that the machine has.</param>
internal readonly record struct MemoryLimit(HostValue<long> Value, bool IsLimit)
{
    private const string MachineFile = "/proc/meminfo";
    private const string MachineLine = "MemTotal:";

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

        var machine = FindMachine(system);
        return limit is not null && !(machine?.Value < limit.Value)
            ? new(limit, IsLimit: true)
            : new(machine ?? new(system.HeapBytes, "memory of the machine, as the garbage collector sees it"), IsLimit: false);
    }

    /// <summary>What the collector plans with, and whether somebody set it.</summary>
    public static HostValue<long> DetectHeap(HostOverrides overrides, HostSystem system)
    {
        if (overrides.HeapBytes is { } said)
        {
            return new(said, "set");
        }

        string[] names = ["DOTNET_GCHeapHardLimit", "DOTNET_GCHeapHardLimitPercent", "COMPlus_GCHeapHardLimit", "COMPlus_GCHeapHardLimitPercent"];
        var setting = names.FirstOrDefault(name => system.GetVariable(name) is not null);
        return new(system.HeapBytes, setting is null ? "garbage collector" : $"garbage collector, environment variable {setting}");
    }

    // The collector knows it too, but tells its own limit where it has one.
    private static HostValue<long>? FindMachine(HostSystem system)
    {
        var line = system.ReadText(MachineFile)?.Split('\n').FirstOrDefault(text => text.StartsWith(MachineLine, StringComparison.Ordinal));
        var number = line?[MachineLine.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes) && kibibytes > 0
            ? new(kibibytes * 1024, $"memory of the machine, {MachineFile}")
            : null;
    }
}
