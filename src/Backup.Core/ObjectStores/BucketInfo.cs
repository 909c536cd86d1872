namespace Backup.Core.ObjectStores;

/// <summary>A bucket and its settings.</summary>
public sealed record BucketInfo
{
    /// <summary>The id, by which every call names the bucket.</summary>
    public required string Id { get; init; }

    /// <summary>The display name; mostly equal to the id.</summary>
    public required string Name { get; init; }

    /// <summary>Whether anyone may read its objects.</summary>
    public bool IsPublic { get; init; }

    /// <summary>The largest object that it takes, in bytes; <see langword="null"/> for the store's own limit.</summary>
    public long? FileSizeLimitBytes { get; init; }

    /// <summary>The media types that it takes, such as <c>image/*</c>; <see langword="null"/> for all.</summary>
    public IReadOnlyList<string>? AllowedMediaTypes { get; init; }

    /// <summary>When it was created; <see langword="null"/> where the store does not say.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When its settings were last changed; <see langword="null"/> where the store does not say.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The owner's id; <see langword="null"/> for none.</summary>
    public string? OwnerId { get; init; }
}
