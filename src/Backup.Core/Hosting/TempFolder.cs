using Backup.Core.Errors;
using Backup.Core.Hosting.Probes;

namespace Backup.Core.Hosting;

/// <summary>A folder for temporary files that can be written.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="FreeBytes">The free space there, in bytes; <see langword="null"/> when the file system does not tell.</param>
/// <param name="IsInMemory">Whether what is written there takes the host's memory, as on tmpfs and on Cloud Run.</param>
public sealed record TempFolder(string Path, long? FreeBytes, bool IsInMemory)
{
    /// <summary>Finds a folder that can be written: the configured one, else the platform's, else the system's. Each is tried by writing a small
    /// file, which is removed.</summary>
    /// <param name="configured">The folder to try first, made if it is not there; <see langword="null"/> for none.</param>
    /// <param name="neededBytes">The free space that it must have, in bytes; 0 for any.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="HostException">None can be written or has the space. The message says of each what is wrong with it.</exception>
    public static TempFolder Choose(string? configured = null, long neededBytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(neededBytes);
        return Choose(configured, neededBytes, RunningSystem.Instance);
    }

    /// <summary>The folder for people: path, space, kind.</summary>
    public override string ToString()
    {
        var space = FreeBytes is { } free ? $", {ExplainedValue.Bytes(free)} free" : string.Empty;
        return $"{Path}{space}{(IsInMemory ? ", in memory" : string.Empty)}";
    }

    /// <summary>Finds a folder on a system.</summary>
    internal static TempFolder Choose(string? configured, long neededBytes, HostSystem system) =>
        TempFolders.Of(configured, PlatformTable.Detect(system, chosen: null), system).Choose(neededBytes);
}
