using System.Globalization;

namespace Backup.Core.Hosting;

/// <summary>Names a process of Linux so that another one of the same system can tell whether it still runs.</summary>
/// <remarks>
/// <c>boot/namespace/process/start</c>: the kernel's boot id, the namespace in which the number of the process counts, the number, and when
/// the process was started in ticks since the boot, as numbers are used again. See
/// <see href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html"/>.
/// </remarks>
internal static class ProcessIdentity
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";
    private const string Namespace = "/proc/self/ns/pid";
    private const string FirstProcess = "/proc/1/stat";

    // Of what follows the program's name in parentheses, which may hold anything.
    private const int StartTimeField = 19;

    /// <summary>This process; <see langword="null"/> where the system does not say.</summary>
    public static string? Current { get; } = Find();

    /// <summary>Says whether a process has ended for certain.</summary>
    /// <param name="identity">The process, or <see langword="null"/>.</param>
    /// <returns><see langword="false"/> when it runs, and when nobody here can know: it is of another system or container.</returns>
    public static bool HasEnded(string? identity)
    {
        if (identity?.Split('/') is not [var boot, var space, var number, var start]
            || Current?.Split('/') is not [var ownBoot, var ownSpace, ..]
            || boot != ownBoot
            || space != ownSpace
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var process))
        {
            return false;
        }

        try
        {
            return StartOf(process) != start;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Where the processes of other users are hidden (hidepid) the first one is as well, and nobody can know.
            return File.Exists(FirstProcess);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? Find()
    {
        try
        {
            return File.ResolveLinkTarget(Namespace, returnFinalTarget: false) is { } space
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{File.ReadAllText(BootId).Trim()}/{space.Name}/{Environment.ProcessId}/{StartOf(Environment.ProcessId)}")
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string StartOf(int process)
    {
        var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
        var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StartTimeField ? fields[StartTimeField] : throw new IOException("The state of a process is cut short.");
    }
}
