using System.Net.Http.Json;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Reads one folder through the listing by offset, around what that listing is known to lose.</summary>
/// <remarks>
/// The server (Storage 1.11) loses rows in three ways. By name it reads files in batches and goes on behind <c>name/</c>, which
/// hides the names that begin with the last one and go on with a byte below the slash: they are searched for at each border.
/// By name it shows only one of two folders that differ in case. By date it has no order among rows of one time, and so repeats
/// some and skips others, but the number of rows is right. So each folder is read by name and by date, and counts as read when the
/// rows of both are as many as the dates have: that is the proof that nothing is missing, also when rows come and go meanwhile.
/// </remarks>
internal sealed class FolderReader(StorageConnection connection, int pageSize)
{
    private const int BatchFactor = 2;
    private const int MinBatchRows = 100;
    private const int MaxBatchRows = 1000;
    private const int MaxReadings = 5;

    // At 1 each page would be all overlap.
    private const int MinPageSize = 2;

    private readonly int _pageSize = Math.Max(pageSize, MinPageSize);

    private int BatchRows => Math.Min(Math.Max(BatchFactor * _pageSize, MinBatchRows), MaxBatchRows);

    /// <summary>All rows of a folder; files have ids, folders none.</summary>
    /// <exception cref="ObjectStoreException">The readings do not come to agree.</exception>
    public async Task<IReadOnlyCollection<ListedJson>> ReadAsync(string bucket, string folder, CancellationToken cancellationToken)
    {
        var found = 0;
        var expected = 0;
        for (var reading = 1; reading <= MaxReadings; reading++)
        {
            var rows = new Dictionary<(string Name, bool IsFolder), ListedJson>();
            expected = await AddByDateAsync(rows, bucket, folder, cancellationToken).ConfigureAwait(false);
            var isSteady = expected == 0 || await TryAddByNameAsync(rows, bucket, folder, cancellationToken).ConfigureAwait(false);
            found = rows.Count;
            if (isSteady && found == expected)
            {
                return rows.Values;
            }
        }

        throw new ObjectStoreException(
            $"Cannot list folder '{MessageText.OneLine(folder)}' of bucket '{bucket}': the server counts {expected} rows and shows {found}; they change "
            + "faster than they can be read, or the server hides some.")
        {
            Error = ObjectStoreError.Changed,
            Subject = bucket,
            IsTransient = true,
            Hint = "Give a database connection: the listing is then read from the snapshot.",
        };
    }

    private async Task<int> AddByDateAsync(
        Dictionary<(string Name, bool IsFolder), ListedJson> rows, string bucket, string folder, CancellationToken cancellationToken)
    {
        var count = 0;
        while (true)
        {
            var page = await ReadPageAsync(bucket, folder, count, null, "created_at", cancellationToken).ConfigureAwait(false);
            count += page.Count;
            foreach (var row in page)
            {
                rows[(row.Name, row.Id is null)] = row;
            }

            if (page.Count < _pageSize)
            {
                return count;
            }
        }
    }

    private async Task<bool> TryAddByNameAsync(
        Dictionary<(string Name, bool IsFolder), ListedJson> rows, string bucket, string folder, CancellationToken cancellationToken)
    {
        var searches = new Queue<string?>([null]);
        var searched = new HashSet<string>(StringComparer.Ordinal);
        while (searches.TryDequeue(out var search))
        {
            if (await TryReadByNameAsync(bucket, folder, search, cancellationToken).ConfigureAwait(false) is not { } read)
            {
                return false;
            }

            var consecutiveFiles = 0;
            foreach (var row in read)
            {
                rows[(row.Name, row.Id is null)] = row;
                consecutiveFiles = row.Id is null ? 0 : consecutiveFiles + 1;
                if (consecutiveFiles > 0 && consecutiveFiles % BatchRows == 0 && row.Name.Length > 0 && searched.Add(row.Name))
                {
                    searches.Enqueue(row.Name);
                }
            }
        }

        return true;
    }

    // Offsets are positions: each page begins with the last row of the one before, or rows have moved and the reading is worth nothing.
    private async Task<List<ListedJson>?> TryReadByNameAsync(string bucket, string folder, string? search, CancellationToken cancellationToken)
    {
        var rows = new List<ListedJson>();
        while (true)
        {
            var offset = Math.Max(0, rows.Count - 1);
            var page = await ReadPageAsync(bucket, folder, offset, search, "name", cancellationToken).ConfigureAwait(false);
            if (rows.Count > 0 && (page.Count == 0 || page[0].Name != rows[^1].Name || page[0].Id != rows[^1].Id))
            {
                return null;
            }

            rows.AddRange(rows.Count > 0 ? page.Skip(1) : page);
            if (page.Count < _pageSize)
            {
                return rows;
            }
        }
    }

    private async Task<IReadOnlyList<ListedJson>> ReadPageAsync(
        string bucket, string folder, int offset, string? search, string column, CancellationToken cancellationToken)
    {
        var request = new FolderRequestJson
        {
            Prefix = folder,
            Limit = _pageSize,
            Offset = offset,
            Search = search,
            SortBy = new SortByJson(column, "asc"),
        };
        var address = await connection.GetAddressAsync(cancellationToken).ConfigureAwait(false);
        return await connection.ReadAsync(
            new ApiCall(HttpMethod.Post, address.Listing("list", bucket), $"list bucket '{bucket}'", bucket)
            {
                Content = () => JsonContent.Create(request, StorageJsonContext.Default.FolderRequestJson),
            },
            StorageJsonContext.Default.IReadOnlyListListedJson,
            cancellationToken).ConfigureAwait(false);
    }
}
