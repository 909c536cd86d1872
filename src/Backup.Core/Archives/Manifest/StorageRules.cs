namespace Backup.Core.Archives.Manifest;

/// <summary>What the storage section of a manifest must keep to.</summary>
internal static class StorageRules
{
    /// <summary>Finds the first rule that the section breaks.</summary>
    /// <param name="manifest">The manifest as it was read.</param>
    /// <returns>What is wrong, to follow the file's name; <see langword="null"/> when all is well.</returns>
    public static string? FindFault(BackupManifest manifest)
    {
        var objects = UInt128.Zero;
        var listed = UInt128.Zero;
        var bytes = UInt128.Zero;
        if (manifest.Storage is { } storage)
        {
            if (!Enum.IsDefined(storage.Listing))
            {
                return "names no way in which the objects were listed";
            }

            if (FindBucketFault(storage.Buckets) is { } fault)
            {
                return fault;
            }

            foreach (var bucket in storage.Buckets)
            {
                objects += (UInt128)bucket.Objects;
                listed += (UInt128)bucket.Listed;
                bytes += (UInt128)bucket.RawBytes;
            }

            // Whoever adds them up must be able to.
            if (UInt128.Max(listed, bytes) > (UInt128)long.MaxValue)
            {
                return "lists more objects or bytes than there can be";
            }
        }

        return (UInt128)Math.Max(0, manifest.Totals.Objects) == objects && manifest.Totals.Objects >= 0
            ? null
            : $"says {manifest.Totals.Objects} objects in all and its buckets {objects}";
    }

    private static string? FindBucketFault(IReadOnlyList<BucketRecord> buckets)
    {
        if (buckets.Count > ArchiveLimits.MaxBuckets)
        {
            return $"lists {buckets.Count} buckets; the most are {ArchiveLimits.MaxBuckets}";
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        var paths = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var bucket in buckets)
        {
            if (bucket is null)
            {
                return "lists an empty bucket";
            }

            if (bucket.Objects < 0 || bucket.Listed < bucket.Objects || bucket.RawBytes < 0
                || !IsFolder(bucket.Path) || !ids.Add(bucket.Id) || !paths.Add(bucket.Path))
            {
                return $"describes the bucket {bucket.Id} wrongly or twice";
            }
        }

        return null;
    }

    // One level below the folder of all buckets, and not where the settings lie.
    private static bool IsFolder(string path) =>
        path.StartsWith(ObjectSegments.StorageFolder, StringComparison.Ordinal)
        && path.IndexOf('/', ObjectSegments.StorageFolder.Length) == path.Length - 1
        && EntryPaths.IsValid(path[..^1])
        && !path[..^1].Equals(EntryPaths.Buckets, StringComparison.OrdinalIgnoreCase);
}
