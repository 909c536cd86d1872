using System.Runtime.CompilerServices;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Lists a bucket folder by folder, for servers that lack the listing by cursor. Holds the rows of one path of folders.</summary>
internal sealed class FolderListing(StorageConnection connection, int pageSize)
{
    // Longer names cannot be stored; a server that answers a folder for ever would get there.
    private const int MaxNameLength = 4096;

    private readonly FolderReader _reader = new(connection, pageSize);

    /// <summary>Lists the objects whose names begin with a prefix, in the order of their names' bytes.</summary>
    public async IAsyncEnumerable<ListedJson> ListAsync(
        string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pending = new Stack<Row>();
        var start = prefix[..(prefix.LastIndexOf('/') + 1)];
        await PushAsync(pending, bucket, start, prefix, cancellationToken).ConfigureAwait(false);
        while (pending.TryPop(out var row))
        {
            if (row.Listed.Id is not null)
            {
                yield return row.Listed with { Name = row.Key };
            }
            else
            {
                await PushAsync(pending, bucket, row.Key, prefix, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task PushAsync(Stack<Row> pending, string bucket, string folder, string prefix, CancellationToken cancellationToken)
    {
        if (folder.Length > MaxNameLength)
        {
            throw new ObjectStoreException($"Cannot list bucket '{bucket}': its folders have no end at '{folder[..64]}…'.") { Subject = bucket };
        }

        var rows = new List<Row>();
        foreach (var listed in await _reader.ReadAsync(bucket, folder, cancellationToken).ConfigureAwait(false))
        {
            // With its slash, a folder's key sorts where the names below it do.
            var key = folder + listed.Name + (listed.Id is null ? "/" : string.Empty);
            if (key.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(key, StringComparison.Ordinal))
            {
                rows.Add(new Row(key, listed));
            }
        }

        // The server takes ASCII names alone, for which ordinal order is the order of bytes.
        rows.Sort(static (left, right) => string.CompareOrdinal(right.Key, left.Key));
        rows.ForEach(pending.Push);
    }

    private readonly record struct Row(string Key, ListedJson Listed);
}
