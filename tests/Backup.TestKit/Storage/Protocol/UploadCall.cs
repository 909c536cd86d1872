using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Backup.TestKit.Storage.Protocol;

/// <summary><c>POST</c> and <c>PUT /object/{bucket}/{name}</c> with a raw body. Forms are not played.</summary>
internal sealed class UploadCall(StorageState state, StorageServerOptions options)
{
    private const string DefaultContentType = "application/octet-stream";
    private const string DefaultCacheControl = "no-cache";

    private static readonly string[] RobotsRules =
        ["all", "noindex", "nofollow", "none", "noarchive", "nosnippet", "noimageindex", "notranslate", "nocache", "indexifembedded"];

    public async Task AnswerAsync(StorageExchange exchange)
    {
        var role = exchange.Authorize();
        var bucketId = exchange.Target.Segment(1);
        var name = exchange.Target.Rest(2);
        var contentType = exchange.Header("content-type") ?? DefaultContentType;
        if (!contentType.Contains('/', StringComparison.Ordinal))
        {
            throw new RefusedException(StorageError.InvalidContentType);
        }

        if (!StorageNames.IsObject(name))
        {
            throw new RefusedException(StorageError.InvalidKey(name));
        }

        var bucket = state.FindBucket(bucketId) ?? throw new RefusedException(StorageError.NoSuchBucket);
        if (role != StorageRole.Service)
        {
            throw new RefusedException(StorageError.RowSecurity);
        }

        var isOverwriteAllowed = HttpMethods.IsPut(exchange.Method) || exchange.Header("x-upsert") == "true";
        if (!isOverwriteAllowed && state.Find(bucketId, name) is not null)
        {
            throw new RefusedException(StorageError.KeyExists);
        }

        ThrowIfUnwelcome(bucket, name, contentType, exchange.Context.Request.ContentLength);
        var item = new NewObject(bucketId, name, null)
        {
            ContentType = contentType,
            CacheControl = exchange.Header("cache-control") ?? DefaultCacheControl,
            UserMetadata = ReadUserMetadata(exchange.Header("x-metadata")),
            RobotsTag = ReadRobotsTag(exchange.Header("x-robots-tag")),
        };
        var content = await ReceiveAsync(exchange.Context);
        var row = await state.TryPutAsync(item with { Content = content }, isOverwriteAllowed)
            ?? throw new RefusedException(StorageError.KeyExists);
        await exchange.SendJsonAsync(new JsonObject { ["Key"] = $"{bucketId}/{name}", ["Id"] = row.Id.ToString() });
    }

    private void ThrowIfUnwelcome(BucketRow bucket, string name, string contentType, long? length)
    {
        if (bucket.AllowedMimeTypes is { } types && !types.Any(type => Allows(type, contentType)))
        {
            throw new RefusedException(StorageError.UnsupportedType(contentType));
        }

        // A chunked upload is not measured.
        var isPlaceholder = name.Split('/')[^1] == StorageNames.EmptyFolderPlaceholder;
        var limit = isPlaceholder ? 0 : Math.Min(bucket.FileSizeLimitBytes ?? long.MaxValue, options.MaxUploadBytes);
        if (length > limit)
        {
            throw new RefusedException(StorageError.TooLarge);
        }

        if (!options.HasS3Backend && StorageNames.HasDotSegment(name))
        {
            throw new RefusedException(
                StorageError.InvalidKey($"stub/stub/{bucket.Id}/{name}/{Guid.NewGuid()} contains dot path segment"));
        }

        if (!options.HasS3Backend && StorageNames.HasLongSegment(name))
        {
            throw new RefusedException(StorageError.Internal);
        }
    }

    private static bool Allows(string type, string contentType) => type.EndsWith("/*", StringComparison.Ordinal)
        ? contentType.StartsWith(type[..^1], StringComparison.Ordinal)
        : contentType == type;

    private static string? ReadUserMetadata(string? header)
    {
        if (header is null)
        {
            return null;
        }

        JsonNode? node;
        try
        {
            node = JsonNode.Parse(Base64Url.Decode(header));
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }

        return node is JsonObject
            ? node.ToJsonString(StorageJson.Options)
            : throw new RefusedException(StorageError.InvalidParameter("invalid input syntax for type json"));
    }

    private static string? ReadRobotsTag(string? header)
    {
        var unknown = header?.Split(',', StringSplitOptions.TrimEntries).FirstOrDefault(rule => !RobotsRules.Contains(rule));
        return unknown is null
            ? header
            : throw new RefusedException(
                new StorageError(
                    "400",
                    "invalid_x_robots_tag",
                    $"Invalid X-Robots-Tag header: Invalid X-Robots-Tag rule: \"{unknown}\"",
                    "InvalidRequest"));
    }

    private static async Task<StoredContent> ReceiveAsync(HttpContext context)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReceivedContent.BufferBytes);
        using var received = new ReceivedContent();
        try
        {
            int bytes;
            while ((bytes = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
            {
                received.Append(buffer.AsSpan(0, bytes));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return received.Complete();
    }
}
