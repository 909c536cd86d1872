using System.Runtime.CompilerServices;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Lists a bucket by the best way that the server has, and proves of each listing what can be proved.</summary>
/// <remarks>
/// A listing of a bucket that is missing, or that the key may not see, is empty and no error. So the bucket is looked for before
/// and after; and the names must ascend, which rules out duplicates and pages that do not meet.
/// </remarks>
internal sealed class ObjectListing(StorageConnection connection, BucketCalls buckets, int pageSize) : IDisposable
{
    private readonly CursorListing _cursors = new(connection, pageSize);
    private readonly FolderListing _folders = new(connection, pageSize);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private bool? _hasCursors;

    /// <summary>Lists the objects whose names begin with a prefix, in the order of their names' bytes.</summary>
    public async IAsyncEnumerable<StoredObject> ListAsync(
        string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var action = $"list bucket '{bucket}'";
        connection.Key.ThrowIfLimited(action, bucket);
        var before = await buckets.FindAsync(bucket, cancellationToken).ConfigureAwait(false);
        var rows = await HasCursorsAsync(bucket, cancellationToken).ConfigureAwait(false)
            ? _cursors.ListAsync(bucket, prefix, cancellationToken)
            : _folders.ListAsync(bucket, prefix, cancellationToken);
        string? last = null;
        await foreach (var row in rows.ConfigureAwait(false))
        {
            var isInOrder = last is null || Utf8Order.Instance.Compare(last, row.Name) < 0;
            if (!isInOrder || !row.Name.StartsWith(prefix, StringComparison.Ordinal))
            {
                throw new ObjectStoreException(
                    $"Cannot {action}: the server's listing is out of order at '{MessageText.OneLine(row.Name)}'.")
                {
                    Subject = bucket,
                };
            }

            last = row.Name;
            yield return ToObject(bucket, row);
        }

        var after = await buckets.FindAsync(bucket, cancellationToken).ConfigureAwait(false);
        if (after.CreatedAt != before.CreatedAt)
        {
            throw new ObjectStoreException($"Cannot {action}: it was deleted and created again meanwhile.")
            {
                Error = ObjectStoreError.Changed,
                Subject = bucket,
                IsTransient = true,
            };
        }

        if (last is null)
        {
            connection.Key.ThrowIfEmptyIsUncertain(action, bucket);
        }
    }

    public void Dispose() => _gate.Dispose();

    private async ValueTask<bool> HasCursorsAsync(string bucket, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // To a server without this listing the request is an upload of an object to a bucket called so: it must not exist.
            return _hasCursors ??= !await buckets.ExistsAsync(CursorListing.Version, cancellationToken).ConfigureAwait(false)
                && await _cursors.IsSupportedAsync(bucket, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private static StoredObject ToObject(string bucket, ListedJson row) => new()
    {
        Bucket = bucket,
        Name = row.Name,
        Id = row.Id,
        Bytes = row.Metadata?.Size,
        ETag = row.Metadata?.ETag,
        ContentType = row.Metadata?.MimeType,
        CacheControl = row.Metadata?.CacheControl,
        RobotsTag = row.Metadata?.RobotsTag,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
    };
}
