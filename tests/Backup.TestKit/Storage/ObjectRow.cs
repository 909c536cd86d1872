namespace Backup.TestKit.Storage;

/// <summary>An object as the server keeps it: one row of <c>storage.objects</c> and the bytes behind it.</summary>
public sealed record ObjectRow
{
    public required Guid Id { get; init; }

    public required string BucketId { get; init; }

    public required string Name { get; init; }

    public string? OwnerId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset LastAccessedAt { get; init; }

    /// <summary>New at each overwrite; <see langword="null"/> in a row put in by SQL.</summary>
    public string? Version { get; init; }

    /// <summary>What the server noted at the upload; <see langword="null"/> in a row put in by SQL.</summary>
    public ObjectMetadata? Metadata { get; init; }

    /// <summary>A JSON object, with the keys in the order of PostgreSQL's <c>jsonb</c>; <see langword="null"/> in a row put in by SQL.</summary>
    public string? UserMetadata { get; init; }

    /// <summary>The bytes; <see langword="null"/> when they are gone from the backend.</summary>
    public StoredContent? Content { get; init; }
}
