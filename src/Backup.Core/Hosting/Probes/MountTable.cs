namespace Backup.Core.Hosting.Probes;

/// <summary>The mounted file systems that the process sees.</summary>
/// <remarks>See <see href="https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html"/>.</remarks>
internal sealed class MountTable
{
    private readonly List<Mount> _mounts;

    private MountTable(List<Mount> mounts) => _mounts = mounts;

    /// <summary>Reads the text of <c>/proc/self/mountinfo</c>; lines that are not of its form are passed over.</summary>
    public static MountTable Parse(string text)
    {
        var mounts = new List<Mount>();
        foreach (var line in text.Split('\n'))
        {
            // id parent major:minor root mount-point options [optional…] - type source super-options
            var fields = line.Split(' ');
            var separator = Array.IndexOf(fields, "-");
            if (separator >= 6 && fields.Length >= separator + 4)
            {
                mounts.Add(new Mount(Unescape(fields[3]), Unescape(fields[4]), fields[separator + 1], fields[separator + 3]));
            }
        }

        return new MountTable(mounts);
    }

    /// <summary>The first mount of a type, and where asked for, with a super option.</summary>
    public Mount? FindOfType(string type, string? option = null) => _mounts.FirstOrDefault(mount =>
        mount.Type == type && (option is null || mount.SuperOptions.Split(',').Contains(option, StringComparer.Ordinal)));

    /// <summary>The mount that a path lies on; <see langword="null"/> when the table is empty.</summary>
    public Mount? FindOf(string path)
    {
        Mount? found = null;
        foreach (var mount in _mounts)
        {
            var point = mount.MountPoint.TrimEnd('/');

            // Of several on one point the last is the one that is seen.
            if ((path == point || path.StartsWith(point + "/", StringComparison.Ordinal)) && point.Length >= (found?.MountPoint.TrimEnd('/').Length ?? 0))
            {
                found = mount;
            }
        }

        return found;
    }

    // Space, tab, newline and backslash are written as octal numbers.
    private static string Unescape(string field) => field
        .Replace("\\040", " ", StringComparison.Ordinal)
        .Replace("\\011", "\t", StringComparison.Ordinal)
        .Replace("\\012", "\n", StringComparison.Ordinal)
        .Replace("\\134", "\\", StringComparison.Ordinal);

    /// <summary>One mounted file system.</summary>
    /// <param name="Root">What of it is mounted.</param>
    /// <param name="MountPoint">Where.</param>
    /// <param name="Type">Its type: <c>tmpfs</c>.</param>
    /// <param name="SuperOptions">Its own options, of cgroup version 1 the controllers.</param>
    public sealed record Mount(string Root, string MountPoint, string Type, string SuperOptions);
}
