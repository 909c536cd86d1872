using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>Downloads, HEAD and <c>/object/info</c>.</summary>
internal sealed class DownloadCalls(StorageState state, StorageServerOptions options)
{
    private const string PublicRoute = "public";
    private const string AuthenticatedRoute = "authenticated";
    private const string Html = "text/html";
    private const string PlainText = "text/plain";
    private const string DefaultCacheControl = "no-cache";

    /// <summary>Answers a download or a HEAD.</summary>
    /// <param name="exchange">The exchange.</param>
    /// <param name="route"><c>authenticated</c>, <c>public</c> or empty.</param>
    /// <param name="first">Which segment names the bucket.</param>
    public async Task GetAsync(StorageExchange exchange, string route, int first)
    {
        var row = Find(exchange, route, first);
        if (exchange.IsHead)
        {
            if (row.Metadata is null)
            {
                throw new RefusedException(StorageError.Internal);
            }

            SetHeaders(exchange, row.Metadata);
            exchange.SendNothing(StatusCodes.Status200OK, row.Metadata.Size);
            return;
        }

        if (row is not { Content: { } content, Metadata: { } metadata })
        {
            throw new RefusedException(options.HasS3Backend ? StorageError.GoneFromBackend : StorageError.Internal);
        }

        if (IsUnchanged(exchange, metadata))
        {
            SendUnchanged(exchange, metadata);
            return;
        }

        var range = exchange.Header("range") is { } text ? ByteRange.Read(text, content.Length) ?? throw RefuseRange() : (ByteRange?)null;
        SetHeaders(exchange, metadata);
        if (exchange.Header("if-none-match") is not null)
        {
            exchange.Context.Response.Headers.CacheControl += ", stale-while-revalidate=30";
        }

        if (range is { } part)
        {
            exchange.Context.Response.StatusCode = StatusCodes.Status206PartialContent;
            exchange.SetHeader("content-range", string.Create(CultureInfo.InvariantCulture, $"bytes {part.First}-{part.Last}/{content.Length}"));
            await exchange.SendAsync(content, part.First, part.Length);
            return;
        }

        await exchange.SendAsync(content, 0, null);
    }

    /// <summary>Answers a look-up.</summary>
    public Task InfoAsync(StorageExchange exchange, string route, int first)
    {
        var row = Find(exchange, route, first);
        exchange.SetHeader("etag", row.Metadata?.ETag ?? string.Empty);
        if (row.Metadata is { } metadata)
        {
            SetTime(exchange, metadata.LastModified);
            exchange.SetHeader("cache-control", metadata.CacheControl ?? DefaultCacheControl);
        }

        return exchange.SendJsonAsync(ObjectJson.Info(row));
    }

    private ObjectRow Find(StorageExchange exchange, string route, int first)
    {
        var role = route == AuthenticatedRoute ? exchange.Authorize() : exchange.Identify();
        var bucket = state.FindBucket(exchange.Target.Segment(first));
        var isHidden = bucket is null
            || (route == PublicRoute && !bucket.IsPublic)
            || (role == StorageRole.None && !bucket.IsPublic);
        if (isHidden)
        {
            throw new RefusedException(StorageError.NoSuchBucket);
        }

        var name = exchange.Target.Rest(first + 1);
        if (!StorageNames.IsObject(name))
        {
            throw new RefusedException(StorageError.InvalidKey(name));
        }

        // Row security lets nobody but the service see a private bucket's rows.
        var isVisible = role == StorageRole.Service || (bucket!.IsPublic && route != AuthenticatedRoute);
        return (isVisible ? state.Find(bucket!.Id, name) : null) ?? throw new RefusedException(StorageError.NoSuchKey);
    }

    private static void SetHeaders(StorageExchange exchange, ObjectMetadata metadata)
    {
        exchange.SetHeader("accept-ranges", "bytes");
        exchange.SetHeader("content-type", metadata.MimeType.Contains(Html, StringComparison.Ordinal) ? PlainText : metadata.MimeType);
        exchange.SetHeader("etag", metadata.ETag);
        exchange.SetHeader("x-robots-tag", metadata.RobotsTag ?? "none");
        SetTime(exchange, metadata.LastModified);
        exchange.SetHeader("cache-control", metadata.CacheControl ?? DefaultCacheControl);
    }

    private static void SetTime(StorageExchange exchange, DateTimeOffset? time)
    {
        if (time is { } value)
        {
            exchange.SetHeader("last-modified", StorageJson.HeaderTime(value));
        }
    }

    // Only one exact ETag counts; If-Match and If-Range are ignored.
    private static bool IsUnchanged(StorageExchange exchange, ObjectMetadata metadata)
    {
        if (exchange.Header("if-none-match") is { } eTag)
        {
            return eTag == metadata.ETag;
        }

        return DateTimeOffset.TryParse(exchange.Header("if-modified-since"), CultureInfo.InvariantCulture, out var since)
            && metadata.LastModified <= since;
    }

    private void SendUnchanged(StorageExchange exchange, ObjectMetadata metadata)
    {
        if (!options.HasS3Backend)
        {
            SetHeaders(exchange, metadata);
        }

        exchange.SendNothing(StatusCodes.Status304NotModified, options.HasS3Backend ? null : 0);
    }

    private RefusedException RefuseRange() => new(options.HasS3Backend ? StorageError.Internal : StorageError.InvalidRange);
}
