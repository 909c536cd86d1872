using System.IO.Enumeration;

namespace Backup.Core.Sinks;

/// <summary>Walks the files below a folder in ordinal order of their object names, holding one folder's names at a time per level.</summary>
internal sealed class DirectoryListing(string root, DirectoryFaults faults)
{
    private static readonly EnumerationOptions OneLevel = new()
    {
        // Hidden files are no object names; nothing else is skipped, and missing rights are reported.
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        RecurseSubdirectories = false,
        ReturnSpecialDirectories = false,
    };

    /// <summary>Lists the objects whose names begin with a prefix.</summary>
    public IEnumerable<SinkObject> Enumerate(string prefix) => Enumerate(root, string.Empty, prefix);

    private IEnumerable<SinkObject> Enumerate(string folder, string folderName, string prefix)
    {
        foreach (var item in ReadSorted(folder, folderName, prefix))
        {
            if (!item.IsFolder)
            {
                yield return new SinkObject(item.Key, item.Bytes);
                continue;
            }

            foreach (var inner in Enumerate(Path.Join(folder, item.FileName), item.Key, prefix))
            {
                yield return inner;
            }
        }
    }

    /// <summary>Reads one folder. A folder's key ends in a slash, so that sorting the keys sorts all names below them.</summary>
    private List<Item> ReadSorted(string folder, string folderName, string prefix)
    {
        try
        {
            var items = new FileSystemEnumerable<Item>(
                folder,
                (ref FileSystemEntry entry) =>
                {
                    var name = entry.FileName.ToString();
                    return entry.IsDirectory
                        ? new Item(folderName + name + "/", name, IsFolder: true, 0)
                        : new Item(folderName + name, name, IsFolder: false, entry.Length);
                },
                OneLevel)
            {
                ShouldIncludePredicate = IsSeen,
            };
            var sorted = items.Where(item => CanMatch(item, prefix)).ToList();
            sorted.Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));
            return sorted;
        }
        catch (DirectoryNotFoundException) when (faults.FindFileInTheWay() is null)
        {
            // The sink's folder has not been created yet, or someone else deletes while this walks.
            return [];
        }
        catch (Exception exception) when (DirectoryFaults.IsOfMedium(exception))
        {
            throw faults.Describe("list", folderName, exception);
        }
    }

    private static bool IsSeen(ref FileSystemEntry entry) =>
        SinkObjectName.IsValid(entry.FileName.ToString())
        && !(entry.IsDirectory && entry.Attributes.HasFlag(FileAttributes.ReparsePoint));

    private static bool CanMatch(Item item, string prefix) =>
        item.Key.StartsWith(prefix, StringComparison.Ordinal)
        || (item.IsFolder && prefix.StartsWith(item.Key, StringComparison.Ordinal));

    private readonly record struct Item(string Key, string FileName, bool IsFolder, long Bytes);
}
