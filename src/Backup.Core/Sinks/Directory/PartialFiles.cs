namespace Backup.Core.Sinks;

/// <summary>Removes the hidden files that killed processes leave in a folder of a <see cref="DirectorySink"/>.</summary>
internal static class PartialFiles
{
    /// <summary>Removes them; what cannot be removed stays.</summary>
    /// <param name="folder">The folder's path.</param>
    /// <param name="isOld">Of each file its object's name inside the folder and when it was last written to: whether it is to go.</param>
    public static void Remove(string folder, Func<string, DateTimeOffset, bool> isOld)
    {
        try
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles($".*{DirectorySinkWriter.PartialSuffix}"))
            {
                if (isOld(file.Name[1..], file.LastWriteTimeUtc))
                {
                    file.Delete();
                }
            }
        }
        catch (Exception exception) when (DirectoryFaults.IsOfMedium(exception))
        {
            // They are no objects: nobody sees them, and the next clean-up tries again.
        }
    }
}
