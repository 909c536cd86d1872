using Backup.Core.ObjectStores;

namespace Backup.Core.Archives.Manifest;

/// <summary>The object storage of a backup: where it came from and its buckets. The objects themselves are in the index.</summary>
public sealed record StorageSection
{
    /// <summary>The store for people, without secrets: <c>https://ref.supabase.co</c>.</summary>
    public required string Location { get; init; }

    /// <summary>How the objects were listed.</summary>
    public required ObjectListingMethod Listing { get; init; }

    /// <summary>The prefix that names had to begin with to take part; empty when all did.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The chosen buckets, in ordinal order of their ids. Their settings are in <c>storage/buckets.json</c>.</summary>
    public required IReadOnlyList<BucketRecord> Buckets { get; init; }
}
