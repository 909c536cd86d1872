namespace Backup.Core.Archives.Referencing;

/// <summary>Says which parts of an index may hold an entry. Takes memory by the number of parts, and of tables in each, not of entries.</summary>
internal sealed class ParentDirectory
{
    private readonly List<(int Part, NameBounds Bounds)> _objects = [];
    private readonly Dictionary<ulong, List<(int Part, FolderRange Range)>> _folders = [];

    /// <summary>Adds a part.</summary>
    /// <param name="part">Its number.</param>
    /// <param name="content">What it holds.</param>
    public void Add(int part, ParentPartBuilder content)
    {
        if (content.Objects is { } bounds)
        {
            _objects.Add((part, bounds));
        }

        foreach (var range in content.Folders)
        {
            if (!_folders.TryGetValue(range.Folder, out var parts))
            {
                parts = new List<(int, FolderRange)>(1);
                _folders.Add(range.Folder, parts);
            }

            parts.Add((part, range));
        }
    }

    /// <summary>The parts that may hold an entry that is no object.</summary>
    public IEnumerable<int> PartsOf(string path)
    {
        var (folder, page) = ParentPartBuilder.Split(path);
        return _folders.TryGetValue(FolderRange.HashOf(folder.Span), out var parts)
            ? parts.Where(part => part.Range.FirstPage <= page && page <= part.Range.LastPage).Select(part => part.Part)
            : [];
    }

    /// <summary>The parts that may hold an object.</summary>
    public IEnumerable<int> PartsOf(string bucket, string name) =>
        _objects.Where(part => part.Bounds.MayHold(bucket, name)).Select(part => part.Part);
}
