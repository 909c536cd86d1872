namespace Backup.Core.Archives;

/// <summary>
/// Gives the objects of one run their paths, so that no two are one file and none is another's folder, on whatever file system
/// they are unpacked to. Takes the same memory for any number of objects.
/// </summary>
/// <remarks>
/// Used by one caller at a time. Each object is assigned once; names in the order of a listing give the most readable paths.
/// A name whose plain path may be taken gets a mark, the hash of the true name, on its last segment; a folder whose path may be an
/// object's file gets one too, the hash of the true name up to the folder's slash. Marks cannot clash, so they are not looked up.
/// </remarks>
internal sealed class ObjectPaths
{
    private readonly PathFilter _taken = new();

    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _prescribed = new(StringComparer.Ordinal);

    // The folders of the name before: found again without a look-up, so that a listing asks once for each folder.
    private readonly List<Folder> _folders = [];
    private string _bucket = "";
    private string _name = "";

    /// <summary>
    /// Paths for the objects of a bucket of which others assign some at the same time: all of them were looked at before, and each has its
    /// plain path but for those named here.
    /// </summary>
    /// <param name="bucket">The bucket's id.</param>
    /// <param name="marked">The paths that are not the plain ones, by the objects' true names.</param>
    public void Prescribe(string bucket, IReadOnlyDictionary<string, string> marked) => _prescribed[bucket] = marked;

    /// <summary>The path that an object has unless it clashes with another.</summary>
    /// <param name="bucket">The bucket's id.</param>
    /// <param name="name">The object's true name.</param>
    public static string Plain(string bucket, string name)
    {
        var path = ObjectSegments.BucketFolder(bucket);
        foreach (var segment in name.AsSpan().Split('/'))
        {
            if (!ObjectSegments.TryAppend(path, name.AsSpan(segment), out var next))
            {
                return path + PathSegments.Mark(name);
            }

            path = next + "/";
        }

        return path[..^1];
    }

    /// <summary>Says whether a path is one of those that an object of a name can have: plain, or with marks.</summary>
    /// <param name="bucket">The bucket's id.</param>
    /// <param name="name">The object's true name.</param>
    /// <param name="path">The path.</param>
    public static bool Fits(string bucket, string name, string path)
    {
        var folder = ObjectSegments.BucketFolder(bucket);
        var start = 0;
        while (path.StartsWith(folder, StringComparison.Ordinal))
        {
            var slash = name.IndexOf('/', start);
            var end = slash < 0 ? name.Length : slash;
            if (!ObjectSegments.TryAppend(folder, name.AsSpan(start, end - start), out var plain))
            {
                return path == folder + PathSegments.Mark(name);
            }

            if (slash < 0)
            {
                return path == plain || path == plain + PathSegments.Mark(name);
            }

            start = slash + 1;
            folder = path.StartsWith(plain + "/", StringComparison.Ordinal) ? plain + "/" : $"{plain}{PathSegments.Mark(name.AsSpan(0, start))}/";
        }

        return false;
    }

    /// <summary>Gives an object its path.</summary>
    /// <param name="bucket">The bucket's id.</param>
    /// <param name="name">The object's true name.</param>
    /// <returns>A path that no object has that was assigned before.</returns>
    public string Assign(string bucket, string name)
    {
        if (_prescribed.TryGetValue(bucket, out var marked))
        {
            return marked.GetValueOrDefault(name) ?? Plain(bucket, name);
        }

        var (path, start) = Resume(bucket, name);
        for (var slash = name.IndexOf('/', start); slash >= 0; slash = name.IndexOf('/', start))
        {
            if (!ObjectSegments.TryAppend(path, name.AsSpan(start, slash - start), out var folder))
            {
                return path + PathSegments.Mark(name);
            }

            start = slash + 1;
            if (_taken.MayHoldFile(folder))
            {
                folder += PathSegments.Mark(name.AsSpan(0, start));
            }

            _taken.AddFolder(folder);
            path = folder + "/";
            _folders.Add(new Folder(path, start));
        }

        return AssignFile(path, name, start);
    }

    /// <summary>Keeps a path that an earlier part of the run gave, so that no object gets it again.</summary>
    /// <param name="path">The path of an object's entry.</param>
    public void Keep(string path)
    {
        _taken.AddFile(path);
        var bucket = path.IndexOf('/', ObjectSegments.StorageFolder.Length);
        for (var slash = path.LastIndexOf('/'); slash > bucket; slash = path.LastIndexOf('/', slash - 1))
        {
            _taken.AddFolder(path[..slash]);
        }
    }

    private string AssignFile(string folder, string name, int start)
    {
        if (!ObjectSegments.TryAppend(folder, name.AsSpan(start), out var path))
        {
            return folder + PathSegments.Mark(name);
        }

        if (_taken.MayHoldFile(path) || _taken.MayHoldFolder(path))
        {
            path += PathSegments.Mark(name);
        }

        _taken.AddFile(path);
        return path;
    }

    private (string Path, int Start) Resume(string bucket, string name)
    {
        var common = bucket == _bucket ? name.AsSpan().CommonPrefixLength(_name) : 0;
        _folders.RemoveAll(folder => folder.NameLength > common);
        if (bucket != _bucket || _folders.Count == 0)
        {
            _folders.Clear();
            _folders.Add(new Folder(ObjectSegments.BucketFolder(bucket), 0));
        }

        _bucket = bucket;
        _name = name;
        return (_folders[^1].Path, _folders[^1].NameLength);
    }

    /// <summary>A folder of the last name.</summary>
    /// <param name="Path">Its path, ending in a slash.</param>
    /// <param name="NameLength">How much of the name stands for it, its slash included.</param>
    private readonly record struct Folder(string Path, int NameLength);
}
