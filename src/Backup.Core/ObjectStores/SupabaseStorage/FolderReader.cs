using System.Net.Http.Json;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Reads one folder through the listing by offset, around what that listing is known to lose.</summary>
/// <remarks>
/// The server (Storage 1.11) loses rows in three ways. It reads files in batches and goes on behind <c>name/</c>, which hides
/// the names that begin with the last one and go on with a byte below the slash: they are searched for at each border. It
/// shows one of two folders that differ in case and mixes their files: sorted by date it shows both, and then nobody can tell
/// whose the files are, so the listing fails. And its offsets are positions, which move when rows come and go: pages overlap
/// by a row, and a folder whose pages do not meet is read again.
/// </remarks>
internal sealed class FolderReader(StorageConnection connection, int pageSize)
{
    private const int BatchFactor = 2;
    private const int MinBatchRows = 100;
    private const int MaxBatchRows = 1000;
    private const int MaxReadings = 5;

    private readonly int _pageSize = Math.Max(pageSize, 2);

    private int BatchRows => Math.Min(Math.Max(BatchFactor * _pageSize, MinBatchRows), MaxBatchRows);

    /// <summary>All rows of a folder; files have ids, folders none.</summary>
    public async Task<IReadOnlyCollection<ListedJson>> ReadAsync(string bucket, string folder, CancellationToken cancellationToken)
    {
        await ThrowIfFoldersDifferInCaseAsync(bucket, folder, cancellationToken).ConfigureAwait(false);
        var rows = new Dictionary<(string Name, bool IsFolder), ListedJson>();
        var searches = new Queue<string?>([null]);
        var searched = new HashSet<string>(StringComparer.Ordinal);
        while (searches.TryDequeue(out var search))
        {
            var consecutiveFiles = 0;
            foreach (var row in await ReadPagesAsync(bucket, folder, search, cancellationToken).ConfigureAwait(false))
            {
                rows[(row.Name, row.Id is null)] = row;
                consecutiveFiles = row.Id is null ? 0 : consecutiveFiles + 1;
                if (consecutiveFiles > 0 && consecutiveFiles % BatchRows == 0 && row.Name.Length > 0 && searched.Add(row.Name))
                {
                    searches.Enqueue(row.Name);
                }
            }
        }

        return rows.Values;
    }

    private async Task<List<ListedJson>> ReadPagesAsync(
        string bucket, string folder, string? search, CancellationToken cancellationToken)
    {
        for (var reading = 1; reading <= MaxReadings; reading++)
        {
            if (await TryReadPagesAsync(bucket, folder, search, cancellationToken).ConfigureAwait(false) is { } rows)
            {
                return rows;
            }
        }

        throw new ObjectStoreException($"Cannot list folder '{folder}' of bucket '{bucket}': it changes faster than it can be read.")
        {
            Error = ObjectStoreError.Changed,
            Subject = bucket,
            IsTransient = true,
            Hint = "Give a database connection: the listing is then read from the snapshot.",
        };
    }

    private async Task<List<ListedJson>?> TryReadPagesAsync(
        string bucket, string folder, string? search, CancellationToken cancellationToken)
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

    private async Task ThrowIfFoldersDifferInCaseAsync(string bucket, string folder, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var offset = 0;
        IReadOnlyList<ListedJson> page;
        do
        {
            page = await ReadPageAsync(bucket, folder, offset, null, "created_at", cancellationToken).ConfigureAwait(false);
            offset += page.Count;
            foreach (var row in page.TakeWhile(row => row.Id is null))
            {
                if (!names.Add(row.Name))
                {
                    throw new ObjectStoreException(
                        $"Cannot list bucket '{bucket}': folder '{folder}{row.Name}' has a twin that differs only in case, "
                        + "and this server's listing mixes the two.")
                    {
                        Subject = bucket,
                        Hint = "Give a database connection, from which the listing is read instead, or rename one of the folders.",
                    };
                }
            }
        }
        while (page.Count == _pageSize && page[^1].Id is null);
    }

    private Task<IReadOnlyList<ListedJson>> ReadPageAsync(
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
        return SendAsync(bucket, request, cancellationToken);
    }

    private async Task<IReadOnlyList<ListedJson>> SendAsync(string bucket, FolderRequestJson request, CancellationToken cancellationToken)
    {
        var address = await connection.GetAddressAsync(cancellationToken).ConfigureAwait(false);
        return await connection.SendAsync(
            HttpMethod.Post,
            address.Listing("list", bucket),
            () => JsonContent.Create(request, StorageJsonContext.Default.FolderRequestJson),
            StorageJsonContext.Default.IReadOnlyListListedJson,
            $"list bucket '{bucket}'",
            bucket,
            cancellationToken).ConfigureAwait(false);
    }
}
