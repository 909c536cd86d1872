namespace Backup.Core.Archives.Resuming;

/// <summary>What earlier parts of a run stored of a bucket.</summary>
/// <param name="Objects">The number of objects.</param>
/// <param name="RawBytes">Their size, in bytes.</param>
internal readonly record struct StoredBucket(long Objects, long RawBytes)
{
    /// <summary>How many of the objects other backups hold.</summary>
    public long ReusedObjects { get; init; }

    /// <summary>Their size, in bytes.</summary>
    public long ReusedBytes { get; init; }

    /// <summary>The same bucket with one object more.</summary>
    public StoredBucket With(IndexEntry entry) => new(Objects + 1, RawBytes + entry.RawBytes)
    {
        ReusedObjects = ReusedObjects + (entry.Backup is null ? 0 : 1),
        ReusedBytes = ReusedBytes + (entry.Backup is null ? 0 : entry.RawBytes),
    };
}
