namespace Backup.Core.ObjectStores;

/// <summary>One object as a listing shows it: what is needed to fetch it, to tell whether it changed, and to put it back.</summary>
public sealed record StoredObject
{
    /// <summary>The bucket's id.</summary>
    public required string Bucket { get; init; }

    /// <summary>The full name, byte for byte as the store has it.</summary>
    public required string Name { get; init; }

    /// <summary>The store's own id of the object; <see langword="null"/> where it has none.</summary>
    public string? Id { get; init; }

    /// <summary>The size in bytes; <see langword="null"/> where the store does not know it.</summary>
    public long? Bytes { get; init; }

    /// <summary>The ETag with its quotes, as the store gives it; never taken for a checksum. <see langword="null"/> where it gives none.</summary>
    public string? ETag { get; init; }

    /// <summary>The version, new at each overwrite; <see langword="null"/> where the store has none.</summary>
    public string? Version { get; init; }

    /// <summary>The true media type, which a download may hide; <see langword="null"/> where unknown.</summary>
    public string? ContentType { get; init; }

    /// <summary>The Cache-Control to be served with it; <see langword="null"/> where unknown.</summary>
    public string? CacheControl { get; init; }

    /// <summary>What search engines may do with it, the header <c>X-Robots-Tag</c>; <see langword="null"/> for the store's default.</summary>
    public string? RobotsTag { get; init; }

    /// <summary>The user's own metadata, a JSON object as text; <see langword="null"/> for none or where the listing lacks it.</summary>
    public string? UserMetadata { get; init; }

    /// <summary>The owner's id; <see langword="null"/> for none.</summary>
    public string? OwnerId { get; init; }

    /// <summary>When it was first stored; <see langword="null"/> where unknown.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was last stored; <see langword="null"/> where unknown.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>How many characters all its texts have: what it takes in memory goes by them, as names and metadata may be long.</summary>
    internal long Characters =>
        (long)Bucket.Length + Name.Length + Length(Id) + Length(ETag) + Length(Version) + Length(ContentType) + Length(CacheControl)
        + Length(RobotsTag) + Length(UserMetadata) + Length(OwnerId);

    private static int Length(string? text) => text?.Length ?? 0;
}
