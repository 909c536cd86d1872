using System.Text.Json;
using System.Text.Json.Serialization;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>A bucket as <c>GET /bucket</c> shows it.</summary>
internal sealed record BucketJson
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? Owner { get; init; }

    public bool Public { get; init; }

    public long? FileSizeLimit { get; init; }

    public IReadOnlyList<string>? AllowedMimeTypes { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }
}

/// <summary>What <c>POST /bucket</c> takes.</summary>
internal sealed record NewBucketJson
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required bool Public { get; init; }

    public long? FileSizeLimit { get; init; }

    public IReadOnlyList<string>? AllowedMimeTypes { get; init; }
}

/// <summary>One row of a listing. A folder, which only version 1 shows, has no id.</summary>
internal sealed record ListedJson
{
    public required string Name { get; init; }

    public string? Id { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    public ListedMetadataJson? Metadata { get; init; }
}

/// <summary>What the server noted when the object was stored; its names are in camel case. Null for rows put in by SQL.</summary>
[JsonConverter(typeof(ListedMetadataConverter))]
internal sealed record ListedMetadataJson(string? ETag, long? Size, string? MimeType, string? CacheControl, string? RobotsTag);

/// <summary>What <c>POST /object/list-v2/{bucket}</c> takes.</summary>
internal sealed record CursorRequestJson
{
    public required string Prefix { get; init; }

    public required int Limit { get; init; }

    public string? Cursor { get; init; }
}

/// <summary>A page of the listing by cursor.</summary>
internal sealed record CursorPageJson
{
    [JsonPropertyName("hasNext")]
    public required bool HasNext { get; init; }

    [JsonPropertyName("nextCursor")]
    public string? NextCursor { get; init; }

    public required IReadOnlyList<ListedJson> Objects { get; init; }
}

/// <summary>What <c>POST /object/list/{bucket}</c> takes.</summary>
internal sealed record FolderRequestJson
{
    public required string Prefix { get; init; }

    public required int Limit { get; init; }

    public required int Offset { get; init; }

    public string? Search { get; init; }

    [JsonPropertyName("sortBy")]
    public SortByJson? SortBy { get; init; }
}

/// <summary>The order of a listing of version 1.</summary>
internal sealed record SortByJson(string Column, string Order);

/// <summary>An object as <c>GET /object/info/…</c> shows it.</summary>
internal sealed record InfoJson
{
    public required string Id { get; init; }

    public string? Version { get; init; }

    public long? Size { get; init; }

    public string? ContentType { get; init; }

    public string? CacheControl { get; init; }

    public string? Etag { get; init; }

    public JsonElement? Metadata { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>Reads and writes the shapes above without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<BucketJson>))]
[JsonSerializable(typeof(IReadOnlyList<ListedJson>))]
[JsonSerializable(typeof(BucketJson))]
[JsonSerializable(typeof(NewBucketJson))]
[JsonSerializable(typeof(CursorRequestJson))]
[JsonSerializable(typeof(CursorPageJson))]
[JsonSerializable(typeof(FolderRequestJson))]
[JsonSerializable(typeof(InfoJson))]
internal sealed partial class StorageJsonContext : JsonSerializerContext;
