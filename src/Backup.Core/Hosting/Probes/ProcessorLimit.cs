namespace Backup.Core.Hosting.Probes;

/// <summary>Decides how many processors the process may use: the least that anybody grants.</summary>
internal static class ProcessorLimit
{
    /// <summary>Finds the number.</summary>
    public static HostValue<double> Detect(HostOverrides overrides, DetectedPlatform platform, ControlGroups groups, HostSystem system)
    {
        if (overrides.Processors is { } said)
        {
            return new(said, "set");
        }

        // The runtime rounds a quota up, and heeds affinity and its own setting, which nobody else does.
        var least = new HostValue<double>(Math.Max(system.Processors, 1), "processors that the runtime counts");
        foreach (var other in new[] { platform.Processors, groups.FindProcessorLimit() })
        {
            if (other?.Value < least.Value)
            {
                least = other;
            }
        }

        return least;
    }
}
