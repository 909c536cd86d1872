using Backup.Core.Errors;

namespace Backup.Core.ObjectStores;

/// <summary>Finds the place of buckets and objects in a tree of folders, and never one outside it.</summary>
/// <param name="root">The folder that holds the buckets.</param>
internal sealed class BucketFolders(string root)
{
    /// <summary>The folder that holds the buckets.</summary>
    public string Root { get; } = root;

    /// <summary>Whether an item is a link, which is never followed: it could lead anywhere.</summary>
    /// <remarks>Some file systems mark files as reparse points that are none in this sense; only a target makes a link.</remarks>
    public static bool IsLink(FileSystemInfo item) =>
        item.Attributes.HasFlag(FileAttributes.ReparsePoint) && item.LinkTarget is not null;

    /// <summary>The folder of a bucket that need not exist.</summary>
    /// <exception cref="ObjectStoreException">No folder can have the bucket's name.</exception>
    public string PathOf(string bucket)
    {
        ArgumentException.ThrowIfNullOrEmpty(bucket);
        return FileNames.IsSafeSegment(bucket) && !bucket.Contains('/', StringComparison.Ordinal) && bucket[0] != '.'
            ? Path.Join(Root, bucket)
            : throw new ObjectStoreException($"'{MessageText.OneLine(bucket)}' cannot be a bucket's folder in '{Root}'.")
            {
                Error = ObjectStoreError.InvalidName,
                Subject = bucket,
            };
    }

    /// <summary>The folder of a bucket.</summary>
    /// <exception cref="ObjectStoreException">There is none, or no folder can have the bucket's name.</exception>
    public DirectoryInfo Find(string bucket)
    {
        var folder = new DirectoryInfo(PathOf(bucket));
        return folder.Exists && !IsLink(folder)
            ? folder
            : throw new ObjectStoreException($"There is no bucket '{bucket}' in '{Root}'.")
            {
                Error = ObjectStoreError.BucketNotFound,
                Subject = bucket,
                Hint = "Each bucket is a folder directly below that one.",
            };
    }

    /// <summary>The path of an object that need not exist, in a bucket that does.</summary>
    /// <exception cref="ObjectStoreException">There is no such bucket, no file can have the object's name, or a link is in the way.</exception>
    public string PathOf(string bucket, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var path = Find(bucket).FullName;
        var segments = name.Split('/');
        if (!segments.All(FileNames.IsSafeSegment))
        {
            throw Refused(bucket, name, $"'{MessageText.OneLine(name)}' cannot be a file's name in '{Root}'.");
        }

        foreach (var segment in segments)
        {
            path = Path.Join(path, segment);
            if (IsLink(new FileInfo(path)))
            {
                throw Refused(bucket, name, $"'{MessageText.OneLine(name)}' of bucket '{bucket}' lies behind a link, which is not followed.");
            }
        }

        return path;
    }

    /// <summary>
    /// Finds an existing file or folder whose name differs only in case from a segment of an object's name, and which would take its
    /// place on a disk that ignores case.
    /// </summary>
    /// <returns>The name that is there, or <see langword="null"/>.</returns>
    public string? FindTwin(string bucket, string name)
    {
        var folder = Find(bucket);
        foreach (var segment in name.Split('/'))
        {
            if (!folder.Exists)
            {
                return null;
            }

            var alike = folder.EnumerateFileSystemInfos().Select(item => item.Name)
                .Where(found => string.Equals(found, segment, StringComparison.OrdinalIgnoreCase))
                .ToList();
            if (alike.Count > 0 && !alike.Contains(segment, StringComparer.Ordinal))
            {
                return alike[0];
            }

            folder = new DirectoryInfo(Path.Join(folder.FullName, segment));
        }

        return null;
    }

    /// <summary>The refusal of an object's name.</summary>
    public static ObjectStoreException Refused(string bucket, string name, string message) => new(message)
    {
        Error = ObjectStoreError.InvalidName,
        Subject = $"{bucket}/{name}",
    };
}
