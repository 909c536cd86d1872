using System.Text.Json.Nodes;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>Objects as the answers show them.</summary>
internal static class ObjectJson
{
    /// <summary>A row of the flat listing by cursor.</summary>
    public static JsonObject Listed(ObjectRow row) => new()
    {
        ["id"] = row.Id.ToString(),
        ["name"] = row.Name,
        ["metadata"] = row.Metadata?.ToJson(),
        ["updated_at"] = StorageJson.Time(row.UpdatedAt),
        ["created_at"] = StorageJson.Time(row.CreatedAt),
        ["last_accessed_at"] = StorageJson.Time(row.LastAccessedAt),
    };

    /// <summary>The answer of <c>/object/info</c>.</summary>
    public static JsonObject Info(ObjectRow row) => new()
    {
        ["id"] = row.Id.ToString(),
        ["name"] = row.Name,
        ["version"] = row.Version,
        ["bucket_id"] = row.BucketId,
        ["size"] = row.Metadata?.Size,
        ["content_type"] = row.Metadata?.MimeType,
        ["cache_control"] = row.Metadata?.CacheControl,
        ["etag"] = row.Metadata?.ETag,
        ["metadata"] = UserMetadata(row),
        ["last_modified"] = StorageJson.Time(row.UpdatedAt),
        ["created_at"] = StorageJson.Time(row.CreatedAt),
    };

    /// <summary>A row that was deleted.</summary>
    public static JsonObject Deleted(ObjectRow row) => new()
    {
        ["name"] = row.Name,
        ["bucket_id"] = row.BucketId,
        ["owner"] = row.OwnerId ?? string.Empty,
        ["owner_id"] = row.OwnerId ?? string.Empty,
        ["version"] = row.Version ?? string.Empty,
        ["id"] = row.Id.ToString(),
        ["updated_at"] = StorageJson.Time(row.UpdatedAt),
        ["created_at"] = StorageJson.Time(row.CreatedAt),
        ["last_accessed_at"] = StorageJson.Time(row.LastAccessedAt),
        ["metadata"] = row.Metadata?.ToJson(),
        ["user_metadata"] = UserMetadata(row),
    };

    private static JsonNode? UserMetadata(ObjectRow row) => row.UserMetadata is { } text ? JsonNode.Parse(text) : null;
}
