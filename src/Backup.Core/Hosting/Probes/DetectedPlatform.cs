namespace Backup.Core.Hosting.Probes;

/// <summary>A platform, and what it says of itself.</summary>
internal sealed record DetectedPlatform
{
    /// <summary>What kind of host it is.</summary>
    public required HostPlatform Kind { get; init; }

    /// <summary>How it was told.</summary>
    public required string Source { get; init; }

    /// <summary>The memory that it grants, where it says so.</summary>
    public HostValue<long>? MemoryBytes { get; init; }

    /// <summary>The processors that it grants, where it says so.</summary>
    public HostValue<double>? Processors { get; init; }

    /// <summary>Its folder for temporary files, where it has one of its own.</summary>
    public HostValue<string>? TempFolder { get; init; }

    /// <summary>The longest that it lets an invocation run, where that is known.</summary>
    public HostValue<TimeSpan>? TimeLimit { get; init; }

    /// <summary>Whether its own file system lies in memory; mounted ones need not.</summary>
    public bool IsFileSystemInMemory => Kind is HostPlatform.CloudRun or HostPlatform.CloudRunJob;
}
