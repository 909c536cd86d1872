using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;

namespace Backup.Core.Verification;

/// <summary>
/// Counts the objects of each bucket, compares them with the manifest and each object's true name with its path. Counting is for
/// one caller; whether an entry is an object may be asked by several threads.
/// </summary>
internal sealed class ObjectCounts
{
    private readonly string _prefix;
    private readonly Dictionary<string, Count> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Count>.AlternateLookup<ReadOnlySpan<char>> _byFolder;

    public ObjectCounts(StorageSection? storage)
    {
        _prefix = storage?.Prefix ?? "";
        _byFolder = _counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var bucket in storage?.Buckets ?? [])
        {
            _counts.Add(bucket.Path, new Count(bucket));
        }
    }

    /// <summary>Whether an entry lies in the folder of a bucket.</summary>
    public bool IsObject(string path) => Find(path) is not null;

    /// <summary>Counts an entry that the index lists.</summary>
    public void Add(VerificationRun run, IndexEntry entry)
    {
        if (Find(entry.Path) is not { } count)
        {
            if (entry.Path != EntryPaths.Buckets && entry.Path.StartsWith(ObjectSegments.StorageFolder, StringComparison.Ordinal))
            {
                run.Find(VerificationFindingKind.Unexpected, entry.Path, "The manifest names no bucket whose object this is.");
            }
            else if (entry.Object is not null)
            {
                run.Find(VerificationFindingKind.Inconsistent, entry.Path, "The index calls it an object, and it lies in no bucket's folder.");
            }

            return;
        }

        count.Objects++;
        count.RawBytes += (UInt128)entry.RawBytes;
        if (FaultOf(entry, count.Bucket) is { } fault)
        {
            run.Find(VerificationFindingKind.Inconsistent, entry.Path, fault);
        }
    }

    /// <summary>Compares the counts with the manifest, once the whole index has been counted.</summary>
    public void Compare(VerificationRun run, BackupManifest manifest)
    {
        var missing = UInt128.Zero;
        foreach (var count in _counts.Values)
        {
            missing += (UInt128)(count.Bucket.Listed - count.Bucket.Objects);
            Compare(run, count.Bucket, "objects", count.Bucket.Objects, count.Objects);
            Compare(run, count.Bucket, "raw bytes", count.Bucket.RawBytes, count.RawBytes);
        }

        var failures = manifest.Failures.Count(failure => failure.Kind == FailureKind.StoredObject);
        if (missing != (UInt128)failures)
        {
            run.Find(
                VerificationFindingKind.Inconsistent,
                ArchiveNames.Manifest,
                $"By its buckets {missing} objects could not be backed up; it names {failures}.");
        }
    }

    private static void Compare(VerificationRun run, BucketRecord bucket, string what, long expected, UInt128 actual)
    {
        if ((UInt128)expected != actual)
        {
            run.Find(VerificationFindingKind.Inconsistent, bucket.Path, $"The manifest says {expected} {what}, the backup holds {actual}.");
        }
    }

    private string? FaultOf(IndexEntry entry, BucketRecord bucket) => entry.Object switch
    {
        null => "It lies in a bucket's folder, and the index does not say which object it is.",
        _ when entry.Object.Bucket != bucket.Id => "It lies in the folder of another bucket than the index says.",
        _ when !ObjectPaths.Fits(bucket.Id, entry.Object.Name, entry.Path) => "The object's true name does not give this path.",
        _ when !entry.Object.Name.StartsWith(_prefix, StringComparison.Ordinal) => "The manifest gives a prefix that this object has not.",
        _ => null,
    };

    private Count? Find(string path)
    {
        if (!path.StartsWith(ObjectSegments.StorageFolder, StringComparison.Ordinal))
        {
            return null;
        }

        var slash = path.IndexOf('/', ObjectSegments.StorageFolder.Length);
        return slash > 0 && _byFolder.TryGetValue(path.AsSpan(0, slash + 1), out var count) ? count : null;
    }

    private sealed class Count(BucketRecord bucket)
    {
        public BucketRecord Bucket { get; } = bucket;

        public UInt128 Objects { get; set; }

        public UInt128 RawBytes { get; set; }
    }
}
