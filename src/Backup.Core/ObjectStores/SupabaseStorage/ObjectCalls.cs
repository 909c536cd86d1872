using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Looks objects up, opens and stores them.</summary>
internal sealed class ObjectCalls(StorageConnection connection, TimeProvider timeProvider)
{
    private const string WeakMark = "W/";
    private const string Unpacked = "identity";

    // How far the clocks of the two sides may differ; see IsOursAsync.
    private static readonly TimeSpan MaxClockDifference = TimeSpan.FromMinutes(10);

    /// <summary>Looks an object up; <see langword="null"/> when there is none.</summary>
    public async Task<StoredObject?> FindAsync(string bucket, string name, CancellationToken cancellationToken)
    {
        var address = await connection.GetAddressAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var info = await connection.ReadAsync(
                new ApiCall(HttpMethod.Get, address.Info(bucket, name), $"look up '{name}' in bucket '{bucket}'", $"{bucket}/{name}"),
                StorageJsonContext.Default.InfoJson,
                cancellationToken).ConfigureAwait(false);
            return ToObject(bucket, name, info);
        }
        catch (ObjectStoreException exception) when (exception.Error == ObjectStoreError.ObjectNotFound)
        {
            return null;
        }
    }

    /// <summary>Opens an object's bytes.</summary>
    public async Task<ObjectContent> OpenAsync(string bucket, string name, long offset, CancellationToken cancellationToken)
    {
        var address = await connection.GetAddressAsync(cancellationToken).ConfigureAwait(false);
        var action = $"download '{name}' of bucket '{bucket}'";

        // The CDN of the hosted service keeps answers for each key, private objects too, and may give one of before the last overwrite.
        var download = address.Download(bucket, name, Guid.NewGuid().ToString("N"));
        var call = new ApiCall(HttpMethod.Get, download, action, $"{bucket}/{name}")
        {
            Prepare = headers =>
            {
                // A CDN that packs answers changes their length and their ETag.
                headers.TryAddWithoutValidation("Accept-Encoding", Unpacked);
                headers.Range = offset == 0 ? null : new RangeHeaderValue(offset, null);
            },
        };
        var response = await connection.OpenAsync(call, cancellationToken).ConfigureAwait(false);
        try
        {
            var totalBytes = TotalBytes(response, offset)
                ?? await FindBytesAsync(bucket, name, response, offset, cancellationToken).ConfigureAwait(false)
                ?? throw OfUnknownBytes(call);
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return new ObjectContent(
                new TransferStream(body, totalBytes - offset, connection.Watch(), call, response), totalBytes, ETagOf(response));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Stores an object.</summary>
    public async Task PutAsync(ObjectUpload upload, CancellationToken cancellationToken)
    {
        var address = (await connection.GetAddressAsync(cancellationToken).ConfigureAwait(false)).Upload(upload.Bucket, upload.Name);
        var action = MessageText.OneLine($"upload '{upload.Name}' to bucket '{upload.Bucket}'");
        var headers = UploadHeaders.From(upload, address, connection.Key, action);
        var call = new ApiCall(HttpMethod.Post, address, action, $"{upload.Bucket}/{upload.Name}") { Prepare = headers.AddTo };
        var begun = timeProvider.GetUtcNow();
        try
        {
            await connection.UploadAsync(call, upload.OpenContent, upload.Bytes, headers.ContentType, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectStoreException exception) when (exception.Error == ObjectStoreError.AlreadyExists && call.Attempts > 1)
        {
            if (!await IsOursAsync(upload, begun, cancellationToken).ConfigureAwait(false))
            {
                throw;
            }
        }
    }

    // An earlier attempt may have stored it, and its answer was lost. An object of this size that came into being since is taken for it.
    private async Task<bool> IsOursAsync(ObjectUpload upload, DateTimeOffset begun, CancellationToken cancellationToken) =>
        await FindAsync(upload.Bucket, upload.Name, cancellationToken).ConfigureAwait(false) is { } found
        && found.Bytes == upload.Bytes
        && found.CreatedAt >= begun - MaxClockDifference;

    // null when the answer does not hold exactly the bytes that were asked for.
    private static long? TotalBytes(HttpResponseMessage response, long offset)
    {
        var headers = response.Content.Headers;
        if (IsPacked(response))
        {
            return null;
        }

        if (offset == 0)
        {
            return response.StatusCode == HttpStatusCode.OK ? headers.ContentLength : null;
        }

        return response.StatusCode == HttpStatusCode.PartialContent
            && headers.ContentRange is { Unit: "bytes", From: { } from, To: { } to, Length: { } total }
            && from == offset
            && to == total - 1
            && (headers.ContentLength ?? total - offset) == total - offset
                ? total
                : null;
    }

    private static bool IsPacked(HttpResponseMessage response) =>
        response.Content.Headers.ContentEncoding.Any(encoding => !encoding.Equals(Unpacked, StringComparison.OrdinalIgnoreCase));

    // The server always says the length, but a gateway that passes bodies on in chunks may not: then the object's row knows it, if
    // the ETag shows that it is the row of these bytes. How many really come is checked in any case.
    private async Task<long?> FindBytesAsync(
        string bucket, string name, HttpResponseMessage response, long offset, CancellationToken cancellationToken)
    {
        var isWhole = offset == 0 && response.StatusCode == HttpStatusCode.OK && !IsPacked(response);
        return isWhole && ETagOf(response) is { } eTag
            && await FindAsync(bucket, name, cancellationToken).ConfigureAwait(false) is { } found
            && found.ETag == eTag
                ? found.Bytes
                : null;
    }

    private static ObjectStoreException OfUnknownBytes(ApiCall call) =>
        new($"Cannot {call.Action}: the server does not say which bytes it sends.")
        {
            Error = ObjectStoreError.Unavailable,
            Subject = call.Subject,
            IsTransient = true,
            Hint = "Something between here and the server may be changing its answers: a proxy, a decompressing client.",
        };

    // As the server sends it, for a parsed one would lose those that break the rules of HTTP. A CDN may mark it as weak: the bytes
    // are the same all the same, as none that are packed are taken, and the database and the listings know the strong one.
    private static string? ETagOf(HttpResponseMessage response)
    {
        if (!response.Headers.NonValidated.TryGetValues("ETag", out var values) || values.ToString() is not { Length: > 0 } eTag)
        {
            return null;
        }

        return eTag.StartsWith(WeakMark, StringComparison.Ordinal) ? eTag[WeakMark.Length..] : eTag;
    }

    private static string? ReadUserMetadata(JsonElement? metadata) =>
        metadata is { ValueKind: JsonValueKind.Object } value && value.EnumerateObject().Any() ? value.GetRawText() : null;

    private static StoredObject ToObject(string bucket, string name, InfoJson info) => new()
    {
        Bucket = bucket,
        Name = name,
        Id = info.Id,
        Bytes = info.Size,
        ETag = string.IsNullOrEmpty(info.Etag) ? null : info.Etag,
        Version = info.Version,
        ContentType = info.ContentType,
        CacheControl = info.CacheControl,
        UserMetadata = ReadUserMetadata(info.Metadata),
        CreatedAt = info.CreatedAt,
        UpdatedAt = info.LastModified,
    };
}
