using System.Globalization;

namespace Backup.Core.Hosting.Probes;

/// <summary>The control groups that the process is in, and the limits that they set. Of version 1, 2, or both side by side.</summary>
/// <remarks>
/// A group's limit holds for all groups below it, so every group from the process's own to the root of the mount is asked, and the least counts.
/// See <see href="https://www.kernel.org/doc/html/latest/admin-guide/cgroup-v2.html"/> and cgroup-v1/memory.html beside it.
/// </remarks>
internal sealed class ControlGroups
{
    // Version 1 has no word for "none": it gives the largest number of whole pages.
    private const long UnlimitedBytes = 1L << 60;

    private readonly HostSystem _system;
    private readonly Hierarchy? _unified;
    private readonly Hierarchy? _memory;
    private readonly Hierarchy? _processors;

    private ControlGroups(HostSystem system, Hierarchy? unified, Hierarchy? memory, Hierarchy? processors)
    {
        _system = system;
        _unified = unified;
        _memory = memory;
        _processors = processors;
    }

    /// <summary>Finds the groups of the process.</summary>
    public static ControlGroups Read(HostSystem system)
    {
        var mounts = MountTable.Parse(system.ReadText("/proc/self/mountinfo") ?? string.Empty);
        var groups = system.ReadText("/proc/self/cgroup") ?? string.Empty;
        return new ControlGroups(
            system,
            Hierarchy.Find(mounts, groups, controller: null),
            Hierarchy.Find(mounts, groups, "memory"),
            Hierarchy.Find(mounts, groups, "cpu"));
    }

    /// <summary>The least limit on memory, in bytes; <see langword="null"/> when there is none.</summary>
    public HostValue<long>? FindMemoryLimit() =>
        Least(
            LeastOf(_unified, "memory.max", "cgroup v2", ParseBytes),
            LeastOf(_memory, "memory.limit_in_bytes", "cgroup v1", ParseBytes));

    /// <summary>The least share of processor time, in processors; <see langword="null"/> when there is none.</summary>
    public HostValue<double>? FindProcessorLimit() =>
        Least(
            LeastOf(_unified, "cpu.max", "cgroup v2", ParseQuota),
            LeastOf(_processors, "cpu.cfs_quota_us", "cgroup v1", (text, folder) =>
                _system.ReadText($"{folder}/cpu.cfs_period_us") is { } period ? ParseQuota($"{text.Trim()} {period.Trim()}", folder) : null));

    private static HostValue<T>? Least<T>(HostValue<T>? first, HostValue<T>? second)
        where T : struct, IComparable<T> =>
        first is null || (second is not null && second.Value.CompareTo(first.Value) < 0) ? second : first;

    private static long? ParseBytes(string text, string folder) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes is > 0 and < UnlimitedBytes
            ? bytes
            : null;

    // "max" or -1 for none; otherwise microseconds of processor time, and of the period in which they may be used.
    private static double? ParseQuota(string text, string folder)
    {
        var parts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 2
            && double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var quota)
            && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var period)
            && quota > 0 && period > 0
                ? quota / period
                : null;
    }

    private HostValue<T>? LeastOf<T>(Hierarchy? hierarchy, string file, string version, Func<string, string, T?> parse)
        where T : struct, IComparable<T>
    {
        HostValue<T>? least = null;
        foreach (var folder in hierarchy?.Folders() ?? [])
        {
            if (_system.ReadText($"{folder}/{file}") is { } text && parse(text, folder) is { } value)
            {
                least = Least(least, new HostValue<T>(value, $"{version}, {folder}/{file}"));
            }
        }

        return least;
    }

    /// <summary>Where one hierarchy is mounted, and where in it the process is.</summary>
    private sealed record Hierarchy(string MountPoint, string Path)
    {
        /// <summary>Finds a controller's hierarchy of version 1, or the one of version 2.</summary>
        public static Hierarchy? Find(MountTable mounts, string groups, string? controller)
        {
            var mount = controller is null ? mounts.FindOfType("cgroup2") : mounts.FindOfType("cgroup", option: controller);
            if (mount is null)
            {
                return null;
            }

            foreach (var line in groups.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var fields = line.Split(':', 3);
                var isIt = fields.Length == 3 && (controller is null
                    ? fields[0] == "0" && fields[1].Length == 0
                    : fields[1].Split(',').Contains(controller, StringComparer.Ordinal));
                if (isIt)
                {
                    return new Hierarchy(mount.MountPoint, PathBelow(mount.Root, fields[2]));
                }
            }

            return null;
        }

        /// <summary>The folders of the process's group and of all above it.</summary>
        public IEnumerable<string> Folders()
        {
            for (var path = Path; path.Length > 0; path = path[..path.LastIndexOf('/')])
            {
                yield return MountPoint + path;
            }

            yield return MountPoint;
        }

        // A container often mounts its own group as the root, and sees the path from the host's root, or none above its own ("/..").
        private static string PathBelow(string root, string path)
        {
            var below = root != "/" && (path == root || path.StartsWith(root + "/", StringComparison.Ordinal)) ? path[root.Length..] : path;
            below = below.TrimEnd('/');
            return below.Contains("/..", StringComparison.Ordinal) || (root != "/" && below == path) ? string.Empty : below;
        }
    }
}
