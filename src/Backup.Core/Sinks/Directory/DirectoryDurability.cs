using System.Runtime.InteropServices;

namespace Backup.Core.Sinks;

/// <summary>Makes the names in a folder survive a power cut: fsync of a directory, which .NET does not offer.</summary>
internal static partial class DirectoryDurability
{
    private const int ReadOnly = 0; // O_RDONLY
    private const int Interrupted = 4; // EINTR
    private const int InputOutput = 5; // EIO
    private const int NoSpaceLinux = 28; // ENOSPC
    private const int QuotaLinux = 122; // EDQUOT

    /// <summary>Waits until the folder's entries are on the disk. Does nothing on Windows, where folders cannot be flushed.</summary>
    /// <exception cref="IOException">The disk failed. A file system that knows no such call is no failure.</exception>
    public static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
        {
            // A folder that one may write to but not list cannot be opened, so it cannot be flushed either.
            return;
        }

        try
        {
            while (FileSync(descriptor) != 0)
            {
                var error = Marshal.GetLastPInvokeError();
                if (error is InputOutput or NoSpaceLinux or QuotaLinux)
                {
                    throw new IOException($"The folder '{folder}' could not be flushed: {Marshal.GetPInvokeErrorMessage(error)}.", error);
                }

                if (error != Interrupted)
                {
                    return;
                }
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
