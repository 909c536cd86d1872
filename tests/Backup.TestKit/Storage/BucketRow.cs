namespace Backup.TestKit.Storage;

/// <summary>A bucket as the server keeps it: one row of <c>storage.buckets</c>.</summary>
public sealed record BucketRow
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public bool IsPublic { get; init; }

    public long? FileSizeLimitBytes { get; init; }

    public IReadOnlyList<string>? AllowedMimeTypes { get; init; }

    public string? OwnerId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
