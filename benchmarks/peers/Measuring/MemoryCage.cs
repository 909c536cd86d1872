using System.Globalization;
using Backup.TestKit.Tools;

namespace Backup.Core.Peers.Measuring;

/// <summary>A control group of Linux whose processes together get no more memory than it allows; the kernel kills the one that asks for more.</summary>
/// <remarks>
/// Made below the root of the memory controller, of version 2 or 1, which takes root's rights. Files that a process writes count while
/// they are in the kernel's cache, which it empties as needed. See <see href="https://docs.kernel.org/admin-guide/cgroup-v2.html"/>.
/// </remarks>
internal sealed class MemoryCage : IDisposable
{
    private const string Root = "/sys/fs/cgroup";
    private const string RootOfVersion1 = "/sys/fs/cgroup/memory";

    // The shell joins the group and becomes the program: what is measured never ran outside.
    private const string JoinAndRun = "echo $$ > \"$0/cgroup.procs\" && exec \"$@\"";

    private readonly string _folder;

    /// <summary>Makes a group.</summary>
    /// <param name="bytes">The memory that its processes may take.</param>
    /// <exception cref="ToolException">This system has no such groups, or does not let this user make one.</exception>
    public MemoryCage(long bytes)
    {
        var isVersion1 = Directory.Exists(RootOfVersion1);
        _folder = Path.Combine(
            isVersion1 ? RootOfVersion1 : Root,
            string.Create(CultureInfo.InvariantCulture, $"backup-peers-{Environment.ProcessId}-{bytes}"));
        try
        {
            Directory.CreateDirectory(_folder);
            File.WriteAllText(
                Path.Combine(_folder, isVersion1 ? "memory.limit_in_bytes" : "memory.max"), bytes.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"A control group with a limit of {bytes} bytes cannot be made in {Root}.", exception);
        }
    }

    /// <summary>The same command, run inside the group; it names its program by path.</summary>
    public ToolCommand Confine(ToolCommand command) => new("sh", ["-c", JoinAndRun, _folder, command.Name, .. command.Arguments])
    {
        Variables = command.Variables,
        WorkingDirectory = command.WorkingDirectory,
    };

    /// <summary>Removes the group; its processes have ended.</summary>
    public void Dispose() => Directory.Delete(_folder);
}
