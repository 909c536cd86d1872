using System.Text.Json.Serialization;
using Backup.Core.ObjectStores;

namespace Backup.Core.Archives;

/// <summary>A bucket as <see cref="BucketsFile"/> writes it, in the words of the Storage API.</summary>
internal sealed record BucketSettings
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public bool Public { get; init; }

    public long? FileSizeLimit { get; init; }

    public IReadOnlyList<string>? AllowedMimeTypes { get; init; }

    public string? Owner { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>What is written of a bucket.</summary>
    public static BucketSettings Of(BucketInfo bucket) => new()
    {
        Id = bucket.Id,
        Name = bucket.Name,
        Public = bucket.IsPublic,
        FileSizeLimit = bucket.FileSizeLimitBytes,
        AllowedMimeTypes = bucket.AllowedMediaTypes,
        Owner = bucket.OwnerId,
        CreatedAt = bucket.CreatedAt?.ToUniversalTime(),
        UpdatedAt = bucket.UpdatedAt?.ToUniversalTime(),
    };

    /// <summary>What was written.</summary>
    public BucketInfo ToBucket() => new()
    {
        Id = Id,
        Name = Name,
        IsPublic = Public,
        FileSizeLimitBytes = FileSizeLimit,
        AllowedMediaTypes = AllowedMimeTypes,
        OwnerId = Owner,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
    };
}

/// <summary>How the list of buckets becomes JSON, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    MaxDepth = 16)]
[JsonSerializable(typeof(List<BucketSettings>))]
internal sealed partial class BucketsJson : JsonSerializerContext;
