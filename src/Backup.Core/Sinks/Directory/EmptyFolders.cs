namespace Backup.Core.Sinks;

/// <summary>Removes folders that hold nothing any more.</summary>
internal static class EmptyFolders
{
    /// <summary>Removes a folder and its parents as long as they are empty, but never the root. Failing to is no fault.</summary>
    public static void Remove(string folder, string root)
    {
        while (folder.Length > root.Length)
        {
            try
            {
                Directory.Delete(folder, recursive: false);
            }
            catch (DirectoryNotFoundException)
            {
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return;
            }

            folder = Path.GetDirectoryName(folder)!;
        }
    }
}
