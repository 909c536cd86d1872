namespace Backup.Core.Hosting;

/// <summary>The room on the disk of a folder.</summary>
/// <param name="FreeBytes">The bytes that this user may still fill.</param>
/// <param name="TotalBytes">The size of the whole.</param>
internal readonly record struct DiskSpace(long FreeBytes, long TotalBytes)
{
    /// <summary>Asks the file system.</summary>
    /// <param name="folder">A folder that exists.</param>
    /// <returns>The room; <see langword="null"/> when it cannot be told.</returns>
    public static DiskSpace? Of(string folder)
    {
        try
        {
            var drive = new DriveInfo(folder);

            // Some network and user-space file systems report nothing at all: no size, so no shortage either.
            return drive.TotalSize > 0 ? new DiskSpace(drive.AvailableFreeSpace, drive.TotalSize) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
