using System.Runtime.InteropServices;

namespace Backup.Core.Sinks;

/// <summary>Gives a file its final name, as one step and without ever replacing another file.</summary>
internal static partial class FileNaming
{
    private const int FileExists = 17; // EEXIST, the same on Linux and macOS

    /// <summary>Renames a file within one folder.</summary>
    /// <returns><see langword="false"/> when a file of the new name exists; both are then as they were.</returns>
    /// <exception cref="IOException">The medium refuses.</exception>
    public static bool TryMoveWithoutReplacing(string from, string to)
    {
        if (!OperatingSystem.IsWindows())
        {
            // rename(2) replaces and File.Move looks first and renames then; link(2) refuses in one step.
            if (Link(from, to) == 0)
            {
                File.Delete(from);
                return true;
            }

            if (Marshal.GetLastPInvokeError() == FileExists)
            {
                return false;
            }
        }

        // Windows, and file systems without hard links (FAT, some network mounts).
        try
        {
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(to) && File.Exists(from))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string created);
}
