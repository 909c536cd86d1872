using System.Runtime.CompilerServices;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Lists a bucket folder by folder, for servers that lack the listing by cursor. Holds the rows of one path of folders.</summary>
/// <remarks>
/// The server takes a folder's name without regard to case. So the walk begins at the root even for a prefix, that each folder
/// is known to exist as it is spelt; and one that has a twin in other case cannot be listed, for the files of both come mixed.
/// </remarks>
internal sealed class FolderListing(StorageConnection connection, int pageSize)
{
    // Names stand in an index of the server's table, whose entries hold 2704 bytes; a server that shows folders for ever gets there.
    private const int MaxNameLength = 3000;
    private const int ShownNameLength = 64;

    private readonly FolderReader _reader = new(connection, pageSize);

    /// <summary>Lists the objects whose names begin with a prefix, in the order of their names' bytes.</summary>
    public async IAsyncEnumerable<ListedJson> ListAsync(
        string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pending = new Stack<Row>();
        await PushAsync(pending, bucket, string.Empty, prefix, cancellationToken).ConfigureAwait(false);
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
            throw new ObjectStoreException($"Cannot list bucket '{bucket}': its folders have no end at '{MessageText.OneLine(folder[..ShownNameLength])}…'.")
            {
                Subject = bucket,
            };
        }

        var folders = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var twins = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var rows = new List<Row>();
        foreach (var listed in await _reader.ReadAsync(bucket, folder, cancellationToken).ConfigureAwait(false))
        {
            if (listed.Id is null && !folders.Add(listed.Name))
            {
                twins.Add(listed.Name);
            }

            // With its slash, a folder's key sorts where the names below it do.
            var key = folder + listed.Name + (listed.Id is null ? "/" : string.Empty);
            if (key.StartsWith(prefix, StringComparison.Ordinal) || (listed.Id is null && prefix.StartsWith(key, StringComparison.Ordinal)))
            {
                rows.Add(new Row(key, listed));
            }
        }

        if (rows.FirstOrDefault(row => row.Listed.Id is null && twins.Contains(row.Listed.Name)) is { Key: { } twin })
        {
            throw new ObjectStoreException(
                $"Cannot list bucket '{bucket}': folder '{MessageText.OneLine(twin)}' has a twin that differs only in case, and this server's listing mixes the two.")
            {
                Subject = bucket,
                Hint = "Give a database connection, from which the listing is read instead, or rename one of the folders.",
            };
        }

        rows.Sort(static (left, right) => Utf8Order.Instance.Compare(right.Key, left.Key));
        rows.ForEach(pending.Push);
    }

    private readonly record struct Row(string Key, ListedJson Listed);
}
