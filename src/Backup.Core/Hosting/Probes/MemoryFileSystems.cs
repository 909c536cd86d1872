namespace Backup.Core.Hosting.Probes;

/// <summary>Tells whether what is written somewhere takes the host's memory.</summary>
internal sealed class MemoryFileSystems(HostSystem system, DetectedPlatform platform)
{
    /// <summary>Whether a folder does, or where it is not there yet, the one above it.</summary>
    public static bool Hold(string path) =>
        new MemoryFileSystems(RunningSystem.Instance, PlatformTable.Detect(RunningSystem.Instance, chosen: null)).Holds(path);

    /// <summary>Whether a folder does.</summary>
    public bool Holds(string path)
    {
        if (system.IsOnMemoryFileSystem(path))
        {
            return true;
        }

        // There the root lies in memory without being a tmpfs; a bucket or a network disk is mounted elsewhere.
        return platform.IsFileSystemInMemory
            && MountTable.Parse(system.ReadText("/proc/self/mountinfo") ?? string.Empty).FindOf(Path.GetFullPath(path)) is null or { MountPoint: "/" };
    }
}
