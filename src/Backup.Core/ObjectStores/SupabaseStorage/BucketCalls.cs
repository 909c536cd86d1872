using System.Net.Http.Json;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Lists, finds and creates buckets.</summary>
internal sealed class BucketCalls(StorageConnection connection)
{
    /// <summary>All buckets, by their ids. Never an empty list of a key that may not see any.</summary>
    public async Task<IReadOnlyList<BucketInfo>> ListAsync(CancellationToken cancellationToken)
    {
        const string Action = "list the buckets";
        const string Subject = "buckets";
        connection.Key.ThrowIfLimited(Action, Subject);
        var address = await connection.GetAddressAsync(cancellationToken).ConfigureAwait(false);
        var buckets = await connection.ReadAsync(
            new ApiCall(HttpMethod.Get, address.Buckets, Action, Subject),
            StorageJsonContext.Default.IReadOnlyListBucketJson,
            cancellationToken).ConfigureAwait(false);
        if (buckets.Count == 0)
        {
            connection.Key.ThrowIfEmptyIsUncertain(Action, Subject);
        }

        return [.. buckets.Select(ToInfo).OrderBy(bucket => bucket.Id, StringComparer.Ordinal)];
    }

    /// <summary>Finds a bucket.</summary>
    /// <exception cref="ObjectStoreException">There is none, or the key may not see it.</exception>
    public async Task<BucketInfo> FindAsync(string bucket, CancellationToken cancellationToken)
    {
        var address = await connection.GetAddressAsync(cancellationToken).ConfigureAwait(false);
        return ToInfo(await connection.ReadAsync(
            new ApiCall(HttpMethod.Get, address.Bucket(bucket), $"find bucket '{bucket}'", bucket),
            StorageJsonContext.Default.BucketJson,
            cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Whether there is a bucket.</summary>
    public async Task<bool> ExistsAsync(string bucket, CancellationToken cancellationToken)
    {
        try
        {
            _ = await FindAsync(bucket, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ObjectStoreException exception) when (exception.Error == ObjectStoreError.BucketNotFound)
        {
            return false;
        }
    }

    /// <summary>Creates a bucket with its settings.</summary>
    public async Task CreateAsync(BucketInfo bucket, CancellationToken cancellationToken)
    {
        var request = new NewBucketJson
        {
            Id = bucket.Id,
            Name = bucket.Name,
            Public = bucket.IsPublic,
            FileSizeLimit = bucket.FileSizeLimitBytes,
            AllowedMimeTypes = bucket.AllowedMediaTypes,
        };
        var address = await connection.GetAddressAsync(cancellationToken).ConfigureAwait(false);
        var call = new ApiCall(HttpMethod.Post, address.Buckets, $"create bucket '{bucket.Id}'", bucket.Id)
        {
            Content = () => JsonContent.Create(request, StorageJsonContext.Default.NewBucketJson),
        };
        try
        {
            using var response = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectStoreException exception) when (exception.Error == ObjectStoreError.AlreadyExists && call.Attempts > 1)
        {
            // An earlier attempt may have created it, and its answer was lost.
            if (!IsSame(bucket, await FindAsync(bucket.Id, cancellationToken).ConfigureAwait(false)))
            {
                throw;
            }
        }
    }

    private static bool IsSame(BucketInfo wanted, BucketInfo found) =>
        found.Name == wanted.Name
        && found.IsPublic == wanted.IsPublic
        && found.FileSizeLimitBytes == wanted.FileSizeLimitBytes
        && (found.AllowedMediaTypes ?? []).SequenceEqual(wanted.AllowedMediaTypes ?? []);

    private static BucketInfo ToInfo(BucketJson bucket) => new()
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
