using System.Runtime.InteropServices;

namespace Backup.Core.Archives.Resuming;

/// <summary>Finds the folders that hold pages of tables.</summary>
internal static class PageFolders
{
    /// <summary>Adds the folder of an entry, if it is a page.</summary>
    /// <param name="folders">The folders, each ending in a slash.</param>
    /// <param name="path">The entry's path.</param>
    public static void AddTo(HashSet<string> folders, string path)
    {
        if (path.StartsWith(EntryPaths.DataFolder, StringComparison.Ordinal))
        {
            folders.GetAlternateLookup<ReadOnlySpan<char>>().Add(path.AsSpan(0, path.LastIndexOf('/') + 1));
        }
    }

    /// <summary>Counts an entry in its folder, if it is a page.</summary>
    /// <param name="counts">The folders, each ending in a slash, and how many pages they have.</param>
    /// <param name="path">The entry's path.</param>
    public static void CountIn(Dictionary<string, int> counts, string path)
    {
        if (path.StartsWith(EntryPaths.DataFolder, StringComparison.Ordinal))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(
                counts.GetAlternateLookup<ReadOnlySpan<char>>(), path.AsSpan(0, path.LastIndexOf('/') + 1), out _)++;
        }
    }
}
