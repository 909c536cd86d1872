using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>The buckets of a Supabase project, over its Storage API.</summary>
/// <remarks>
/// Thread-safe. Transfers are streamed. Works through the gateway of the hosted service and with the Storage server itself.
/// See <see href="https://supabase.github.io/storage/"/>.
/// </remarks>
public sealed class SupabaseStorageStore : IObjectStore, IDisposable
{
    private const string DefaultContentType = "application/octet-stream";
    private const int MaxPooledConnections = 64;

    private readonly HttpClient _client;
    private readonly bool _ownsClient;
    private readonly StorageConnection _connection;
    private readonly CursorListing _cursorListing;
    private readonly FolderListing _folderListing;

    /// <summary>Creates a store with a connection pool of its own.</summary>
    /// <param name="options">Where the server is, and the key.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options are not valid.</exception>
    public SupabaseStorageStore(SupabaseStorageOptions options)
        : this(CreateClient(), options)
    {
        _ownsClient = true;
    }

    /// <summary>Creates a store over a client of the caller, as <c>IHttpClientFactory</c> gives it.</summary>
    /// <param name="client">The client, which stays the caller's. It should not limit whole transfers in time.</param>
    /// <param name="options">Where the server is, and the key.</param>
    /// <param name="timeProvider">The clock of time-outs and retries; <see langword="null"/> for the system's.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options are not valid.</exception>
    public SupabaseStorageStore(HttpClient client, SupabaseStorageOptions options, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        SupabaseStorageOptionsValidator.ThrowIfInvalid(options);
        _client = client;
        _connection = new StorageConnection(client, options, timeProvider ?? TimeProvider.System);
        _cursorListing = new CursorListing(_connection, options.ListPageSize);
        _folderListing = new FolderListing(_connection, options.ListPageSize);
        Capabilities = new ObjectStoreCapabilities { Location = options.Url!.GetLeftPart(UriPartial.Path) };
    }

    /// <inheritdoc/>
    public ObjectStoreCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BucketInfo> ListBucketsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var address = await _connection.GetAddressAsync(cancellationToken).ConfigureAwait(false);
        var buckets = await _connection.SendAsync(
            HttpMethod.Get,
            address.Buckets,
            () => null,
            StorageJsonContext.Default.IReadOnlyListBucketJson,
            "list the buckets",
            "buckets",
            cancellationToken).ConfigureAwait(false);
        foreach (var bucket in buckets.OrderBy(bucket => bucket.Id, StringComparer.Ordinal))
        {
            yield return new BucketInfo
            {
                Id = bucket.Id,
                Name = bucket.Name,
                IsPublic = bucket.Public,
                FileSizeLimitBytes = bucket.FileSizeLimit,
                AllowedMediaTypes = bucket.AllowedMimeTypes,
                CreatedAt = bucket.CreatedAt,
                UpdatedAt = bucket.UpdatedAt,

                // JSON null comes as an empty text in some answers.
                OwnerId = string.IsNullOrEmpty(bucket.Owner) ? null : bucket.Owner,
            };
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListObjectsAsync(
        string bucket, string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(bucket);
        ArgumentNullException.ThrowIfNull(prefix);

        // Listings of a missing bucket, or with a key that may not see it, are empty and no error; this call is one.
        var address = await _connection.GetAddressAsync(cancellationToken).ConfigureAwait(false);
        _ = await _connection.SendAsync(
            HttpMethod.Get,
            address.Bucket(bucket),
            () => null,
            StorageJsonContext.Default.BucketJson,
            $"find bucket '{bucket}'",
            bucket,
            cancellationToken).ConfigureAwait(false);
        var isAny = false;
        var rows = _cursorListing.ListAsync(bucket, prefix, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (rows.ConfigureAwait(false))
        {
            while (await MoveNextAsync(rows, isAny).ConfigureAwait(false) is { } hasNext)
            {
                if (!hasNext)
                {
                    yield break;
                }

                isAny = true;
                yield return ToObject(bucket, rows.Current);
            }
        }

        await foreach (var row in _folderListing.ListAsync(bucket, prefix, cancellationToken).ConfigureAwait(false))
        {
            yield return ToObject(bucket, row);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<StoredObject?> FindObjectAsync(string bucket, string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(bucket);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var address = await _connection.GetAddressAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var info = await _connection.SendAsync(
                HttpMethod.Get,
                address.Info(bucket, name),
                () => null,
                StorageJsonContext.Default.InfoJson,
                $"look up '{name}' in bucket '{bucket}'",
                $"{bucket}/{name}",
                cancellationToken).ConfigureAwait(false);
            return new StoredObject
            {
                Bucket = bucket,
                Name = name,
                Bytes = info.Size,
                ETag = info.Etag,
                Version = info.Version,
                ContentType = info.ContentType,
                CacheControl = info.CacheControl,
                UserMetadata = ReadUserMetadata(info.Metadata),
                CreatedAt = info.CreatedAt,
                UpdatedAt = info.LastModified,
            };
        }
        catch (ObjectStoreException exception) when (exception.Error == ObjectStoreError.ObjectNotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectContent> OpenReadAsync(
        string bucket, string name, long offset = 0, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(bucket);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var action = $"download '{name}' of bucket '{bucket}'";
        var subject = $"{bucket}/{name}";
        var address = await _connection.GetAddressAsync(cancellationToken).ConfigureAwait(false);
        var response = await _connection.SendAsync(
            HttpMethod.Get,
            address.Download(bucket, name),
            () => null,
            offset == 0 ? null : headers => headers.Range = new RangeHeaderValue(offset, null),
            action,
            subject,
            cancellationToken).ConfigureAwait(false);
        try
        {
            var bytes = response.Content.Headers.ContentLength;
            var total = offset == 0 ? bytes : response.Content.Headers.ContentRange?.Length;
            var isRange = response.StatusCode == HttpStatusCode.PartialContent;
            if (total is not { } totalBytes || isRange != (offset > 0) || bytes != totalBytes - offset)
            {
                throw new ObjectStoreException($"Cannot {action}: the server does not say which bytes it sends.") { Subject = subject, IsTransient = true };
            }

            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return new ObjectContent(
                new TransferStream(body, bytes, _connection, action, subject, response), totalBytes, response.Headers.ETag?.ToString());
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask PutAsync(ObjectUpload upload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(upload);
        var address = await _connection.GetAddressAsync(cancellationToken).ConfigureAwait(false);
        await _connection.UploadAsync(
            address.Upload(upload.Bucket, upload.Name),
            async watch => new UploadContent(
                await upload.OpenContent(watch.Token).ConfigureAwait(false),
                upload.Bytes,
                upload.ContentType ?? DefaultContentType,
                watch),
            headers => AddProperties(headers, upload),
            $"upload '{upload.Name}' to bucket '{upload.Bucket}'",
            $"{upload.Bucket}/{upload.Name}",
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask CreateBucketAsync(BucketInfo bucket, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bucket);
        var request = new NewBucketJson
        {
            Id = bucket.Id,
            Name = bucket.Name,
            Public = bucket.IsPublic,
            FileSizeLimit = bucket.FileSizeLimitBytes,
            AllowedMimeTypes = bucket.AllowedMediaTypes,
        };
        var address = await _connection.GetAddressAsync(cancellationToken).ConfigureAwait(false);
        using var response = await _connection.SendAsync(
            HttpMethod.Post,
            address.Buckets,
            () => JsonContent.Create(request, StorageJsonContext.Default.NewBucketJson),
            null,
            $"create bucket '{bucket.Id}'",
            bucket.Id,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the store's own connections; a client of the caller stays open.</summary>
    public void Dispose()
    {
        _connection.Dispose();
        if (_ownsClient)
        {
            _client.Dispose();
        }
    }

    private static HttpClient CreateClient() => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            EnableMultipleHttp2Connections = true,
            MaxConnectionsPerServer = MaxPooledConnections,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    // null: the server has no listing by cursor, which only the first page can tell.
    private static async Task<bool?> MoveNextAsync(IAsyncEnumerator<ListedJson> rows, bool isAny)
    {
        try
        {
            return await rows.MoveNextAsync().ConfigureAwait(false);
        }
        catch (ObjectStoreException exception)
            when (!isAny && exception.Status == (int)HttpStatusCode.NotFound && exception.Error != ObjectStoreError.BucketNotFound)
        {
            return null;
        }
    }

    private static StoredObject ToObject(string bucket, ListedJson row) => new()
    {
        Bucket = bucket,
        Name = row.Name,
        Bytes = row.Metadata?.Size,
        ETag = row.Metadata?.ETag,
        ContentType = row.Metadata?.MimeType,
        CacheControl = row.Metadata?.CacheControl,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
    };

    private static string? ReadUserMetadata(JsonElement? metadata) =>
        metadata is { ValueKind: JsonValueKind.Object } value && value.EnumerateObject().Any() ? value.GetRawText() : null;

    private static void AddProperties(HttpRequestHeaders headers, ObjectUpload upload)
    {
        if (upload.CacheControl is not null)
        {
            headers.TryAddWithoutValidation("Cache-Control", upload.CacheControl);
        }

        if (upload.UserMetadata is not null)
        {
            headers.TryAddWithoutValidation("x-metadata", Convert.ToBase64String(Encoding.UTF8.GetBytes(upload.UserMetadata)));
        }

        // The server takes the word in lower case alone.
        headers.TryAddWithoutValidation("x-upsert", upload.Overwrite.ToString(CultureInfo.InvariantCulture).ToLowerInvariant());
    }
}
