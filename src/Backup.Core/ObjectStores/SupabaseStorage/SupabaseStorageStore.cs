using System.Net;
using System.Runtime.CompilerServices;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>The buckets of a Supabase project, over its Storage API.</summary>
/// <remarks>
/// Thread-safe. Transfers are streamed. Works through the gateway of the hosted service and with the Storage server itself.
/// See <see href="https://supabase.github.io/storage/"/>.
/// </remarks>
public sealed class SupabaseStorageStore : IObjectStore, IDisposable
{
    private const int MaxPooledConnections = 64;

    private readonly HttpClient _client;
    private readonly bool _ownsClient;
    private readonly StorageConnection _connection;
    private readonly BucketCalls _buckets;
    private readonly ObjectCalls _objects;
    private readonly ObjectListing _listing;

    /// <summary>Creates a store with a connection pool of its own.</summary>
    /// <param name="options">Where the server is, and the key.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options are not valid.</exception>
    public SupabaseStorageStore(SupabaseStorageOptions options)
        : this(CreateClient(), options)
    {
        _ownsClient = true;
    }

    /// <summary>Creates a store over a client of the caller, as <c>IHttpClientFactory</c> gives it.</summary>
    /// <param name="client">The client, which stays the caller's. It should not limit whole transfers in time, decompress or retry.</param>
    /// <param name="options">Where the server is, and the key.</param>
    /// <param name="timeProvider">The clock of time-outs and retries; <see langword="null"/> for the system's.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options are not valid.</exception>
    public SupabaseStorageStore(HttpClient client, SupabaseStorageOptions options, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        SupabaseStorageOptionsValidator.ThrowIfInvalid(options);
        timeProvider ??= TimeProvider.System;
        _client = client;
        _connection = new StorageConnection(client, options, timeProvider);
        _buckets = new BucketCalls(_connection);
        _objects = new ObjectCalls(_connection, timeProvider);
        _listing = new ObjectListing(_connection, _buckets, options.ListPageSize);
        Capabilities = new ObjectStoreCapabilities
        {
            Location = options.Url!.GetLeftPart(UriPartial.Path),
            IsListedInDatabase = true,
        };
    }

    /// <inheritdoc/>
    public ObjectStoreCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BucketInfo> ListBucketsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var bucket in await _buckets.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return bucket;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredObject> ListObjectsAsync(string bucket, string prefix = "", CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(bucket);
        ArgumentNullException.ThrowIfNull(prefix);
        return _listing.ListAsync(bucket, prefix, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<StoredObject?> FindObjectAsync(string bucket, string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(bucket);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return await _objects.FindAsync(bucket, name, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ObjectContent> OpenReadAsync(
        string bucket, string name, long offset = 0, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(bucket);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return await _objects.OpenAsync(bucket, name, offset, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask PutAsync(ObjectUpload upload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentException.ThrowIfNullOrEmpty(upload.Bucket, nameof(upload));
        ArgumentException.ThrowIfNullOrEmpty(upload.Name, nameof(upload));
        ArgumentOutOfRangeException.ThrowIfNegative(upload.Bytes, nameof(upload));
        await _objects.PutAsync(upload, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask CreateBucketAsync(BucketInfo bucket, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bucket);
        await _buckets.CreateAsync(bucket, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the store's own connections; a client of the caller stays open.</summary>
    public void Dispose()
    {
        _listing.Dispose();
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
}
