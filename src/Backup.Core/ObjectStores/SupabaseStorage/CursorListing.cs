using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Lists a bucket by cursor, flat and by ascending name: the one listing of the API that loses nothing.</summary>
internal sealed class CursorListing(StorageConnection connection, int pageSize)
{
    /// <summary>The version in the address.</summary>
    public const string Version = "list-v2";

    /// <summary>Whether the server has this listing.</summary>
    /// <param name="bucket">Any bucket that exists.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<bool> IsSupportedAsync(string bucket, CancellationToken cancellationToken)
    {
        try
        {
            var request = new CursorRequestJson { Prefix = string.Empty, Limit = 1 };
            _ = await ReadPageAsync(bucket, request, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ObjectStoreException exception) when (exception.Status == (int)System.Net.HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>Lists the objects whose names begin with a prefix.</summary>
    public async IAsyncEnumerable<ListedJson> ListAsync(
        string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var request = new CursorRequestJson { Prefix = prefix, Limit = pageSize, Cursor = cursor };
            var page = await ReadPageAsync(bucket, request, cancellationToken).ConfigureAwait(false);
            if (page.Objects.Contains(null!))
            {
                throw Unusable(bucket, "the server lists an object that is none");
            }

            if (page.HasNext && (string.IsNullOrEmpty(page.NextCursor) || page.Objects.Count == 0))
            {
                throw Unusable(bucket, "the server promises more objects but does not go on");
            }

            foreach (var item in page.Objects)
            {
                yield return item;
            }

            cursor = page.HasNext ? page.NextCursor : null;
        }
        while (cursor is not null);
    }

    private static ObjectStoreException Unusable(string bucket, string reason) => new($"Cannot list bucket '{bucket}': {reason}.")
    {
        Subject = bucket,
    };

    private async Task<CursorPageJson> ReadPageAsync(
        string bucket, CursorRequestJson request, CancellationToken cancellationToken)
    {
        var address = await connection.GetAddressAsync(cancellationToken).ConfigureAwait(false);
        return await connection.ReadAsync(
            new ApiCall(HttpMethod.Post, address.Listing(Version, bucket), $"list bucket '{bucket}'", bucket)
            {
                Content = () => JsonContent.Create(request, StorageJsonContext.Default.CursorRequestJson),
            },
            StorageJsonContext.Default.CursorPageJson,
            cancellationToken).ConfigureAwait(false);
    }
}
