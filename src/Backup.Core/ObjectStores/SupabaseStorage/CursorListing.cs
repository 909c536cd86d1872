using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Lists a bucket by cursor, flat and by ascending name: the one listing of the API that loses nothing.</summary>
internal sealed class CursorListing(StorageConnection connection, int pageSize)
{
    /// <summary>Lists the objects whose names begin with a prefix.</summary>
    public async IAsyncEnumerable<ListedJson> ListAsync(
        string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var address = (await connection.GetAddressAsync(cancellationToken).ConfigureAwait(false)).Listing("list-v2", bucket);
        string? cursor = null;
        do
        {
            var request = new CursorRequestJson { Prefix = prefix, Limit = pageSize, Cursor = cursor };
            var page = await connection.SendAsync(
                HttpMethod.Post,
                address,
                () => JsonContent.Create(request, StorageJsonContext.Default.CursorRequestJson),
                StorageJsonContext.Default.CursorPageJson,
                $"list bucket '{bucket}'",
                bucket,
                cancellationToken).ConfigureAwait(false);
            foreach (var item in page.Objects)
            {
                yield return item;
            }

            if (page.HasNext && (string.IsNullOrEmpty(page.NextCursor) || page.NextCursor == cursor))
            {
                throw new ObjectStoreException($"Cannot list bucket '{bucket}': the server promises more but does not go on.") { Subject = bucket };
            }

            cursor = page.HasNext ? page.NextCursor : null;
        }
        while (cursor is not null);
    }
}
