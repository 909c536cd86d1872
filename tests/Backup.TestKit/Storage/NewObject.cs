using Backup.TestKit.Storage.Protocol;

namespace Backup.TestKit.Storage;

/// <summary>An object that a test or an upload puts into the server.</summary>
/// <param name="Bucket">The bucket's id.</param>
/// <param name="Name">The name, which may be one that an upload would be refused for.</param>
/// <param name="Content">The bytes, or <see langword="null"/> for a row whose file is gone.</param>
public sealed record NewObject(string Bucket, string Name, StoredContent? Content)
{
    public string ContentType { get; init; } = "application/octet-stream";

    public string CacheControl { get; init; } = "no-cache";

    /// <summary>A JSON object, or <see langword="null"/> for none.</summary>
    public string? UserMetadata { get; init; }

    public string? OwnerId { get; init; }

    public string? RobotsTag { get; init; }

    /// <summary>The ETag to note; <see langword="null"/> for that of the content.</summary>
    public string? ETag { get; init; }

    /// <summary>Whether the row has neither metadata nor version, as one put in by SQL.</summary>
    public bool IsBareRow { get; init; }

    /// <summary>The version; <see langword="null"/> for a new one.</summary>
    public string? Version { get; init; }

    /// <summary>The whole column <c>metadata</c>, for a row put in by SQL; <see langword="null"/> for what an upload notes.</summary>
    public ObjectMetadata? Metadata { get; init; }

    /// <summary>When the row was made; <see langword="null"/> for now. Rows of one instant have ties.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The row that it makes.</summary>
    /// <param name="earlier">The row that it replaces, or <see langword="null"/>.</param>
    /// <param name="now">The time of the change.</param>
    internal ObjectRow ToRow(ObjectRow? earlier, DateTimeOffset now)
    {
        var createdAt = earlier?.CreatedAt ?? CreatedAt ?? now;
        return new ObjectRow
        {
            Id = earlier?.Id ?? Guid.NewGuid(),
            BucketId = Bucket,
            Name = Name,
            OwnerId = OwnerId,
            CreatedAt = createdAt,
            UpdatedAt = earlier is null ? createdAt : now,
            LastAccessedAt = earlier?.LastAccessedAt ?? createdAt,
            Version = IsBareRow ? null : Version ?? Guid.NewGuid().ToString(),
            Metadata = IsBareRow ? null : Metadata ?? ToMetadata(earlier is null ? createdAt : now),
            UserMetadata = UserMetadata is null && (IsBareRow || Metadata is not null) ? null : JsonbText.Normalize(UserMetadata ?? "{}"),
            Content = Content,
        };
    }

    private ObjectMetadata ToMetadata(DateTimeOffset time) => new()
    {
        ETag = ETag ?? (Content ?? StoredContent.Empty).ETag,
        Size = Content?.Length ?? 0,
        MimeType = ContentType,
        CacheControl = CacheControl,
        LastModified = time,
        RobotsTag = RobotsTag,
    };
}
