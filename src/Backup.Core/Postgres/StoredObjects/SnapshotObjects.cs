using System.Runtime.CompilerServices;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Backup.Core.Postgres.StoredObjects;

/// <summary>The buckets and objects of Supabase Storage as the tables storage.buckets and storage.objects show them at the snapshot's instant.</summary>
/// <remarks>
/// Any number of callers at a time; their statements take turns. Delete markers and archived versions are no objects.
/// Memory is a page of objects for each listing under way, however many objects there are. After a fault the listing is to be
/// given up; where <see cref="SharesCoordinator"/>, the snapshot stands all the same unless the connection was lost.
/// </remarks>
internal sealed class SnapshotObjects : IAsyncDisposable
{
    private const string Reading = "Reading the tables of stored objects";
    private const string Encoding = "UTF8";

    private readonly ObjectConnection _connection;
    private readonly ObjectCopies? _copies;
    private readonly ObjectQueries _queries;
    private readonly ObjectPages _pages;

    private SnapshotObjects(
        ObjectConnection connection, ObjectCopies? copies, ObjectQueries queries, bool hasIndex, IReadOnlyList<string> otherBuckets)
    {
        _connection = connection;
        _copies = copies;
        _queries = queries;
        _pages = new ObjectPages(connection, copies, queries, hasIndex);
        OtherBuckets = otherBuckets;
    }

    /// <summary>
    /// Whether the coordinator's connection is used, for want of another: then each statement waits until no page of rows
    /// is read over it, and nothing may be called while the schema is read.
    /// </summary>
    public bool SharesCoordinator => _connection.IsShared;

    /// <summary>The ids of the buckets that are left out because they hold no files, such as those for analytics and vectors.</summary>
    public IReadOnlyList<string> OtherBuckets { get; }

    /// <summary>Learns the tables' columns and how they can be read.</summary>
    /// <param name="connection">The connection, which the listing owns.</param>
    /// <param name="copies">A faster way to list, which the listing owns; <see langword="null"/> where no further connection is to be opened.</param>
    /// <param name="encoding">The database's encoding.</param>
    /// <param name="logger">Takes the reason when there is no listing.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The listing, or <see langword="null"/>.</returns>
    public static async Task<SnapshotObjects?> OpenAsync(
        ObjectConnection connection, ObjectCopies? copies, string encoding, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            var columns = new StorageColumns(
                await QueryAsync(connection, StorageColumns.Query, StorageColumns.ReadRow, cancellationToken).ConfigureAwait(false));
            var queries = new ObjectQueries(columns);
            var hasIndex = columns.FirstMissing() is null && await HasIndexAsync(connection, queries, cancellationToken).ConfigureAwait(false);
            if (Reason(columns, encoding, hasIndex, connection) is { } reason)
            {
                PostgresLog.ObjectsUnlistable(logger, reason);
                await connection.DisposeAsync().ConfigureAwait(false);
                return null;
            }

            var others = queries.OtherBuckets() is { } text
                ? await QueryAsync(connection, text, row => (Id: row.GetString(0), Type: row.GetString(1)), cancellationToken).ConfigureAwait(false)
                : [];
            foreach (var (id, type) in others)
                PostgresLog.BucketLeftOut(logger, id, type);
            return new SnapshotObjects(connection, copies, queries, hasIndex, others.ConvertAll(bucket => bucket.Id));
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Counts the chosen objects of each chosen bucket; one without objects is there with none.</summary>
    /// <returns>The buckets, in ordinal order of their ids.</returns>
    /// <exception cref="DatabaseException">The server refused, or the connection is lost.</exception>
    public async Task<IReadOnlyList<BucketCount>> CountAsync(ObjectSelection selection, CancellationToken cancellationToken)
    {
        var buckets = await QueryAsync(_connection, _queries.Buckets(), ObjectRow.ReadBucket, cancellationToken).ConfigureAwait(false);
        buckets.RemoveAll(bucket => !selection.Includes(bucket.Id));
        buckets.Sort(static (a, b) => string.CompareOrdinal(a.Id, b.Id));

        var range = NameRange.Of(selection.Prefix);
        var query = new NpgsqlBatchCommand(_queries.Counts(range.End is not null));
        query.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. buckets.Select(bucket => bucket.Id)] });
        range.AddTo(query);
        var counts = await _connection.QueryAsync(
            ObjectQueries.Free,
            query,
            (reader, token) => ReadAllAsync(reader, row => (Id: row.GetString(0), Objects: row.GetInt64(1), Bytes: row.GetInt64(2)), token),
            "Counting stored objects",
            cancellationToken).ConfigureAwait(false);
        var byId = counts.ToDictionary(count => count.Id, StringComparer.Ordinal);
        return buckets.ConvertAll(bucket =>
            byId.TryGetValue(bucket.Id, out var count) ? new BucketCount(bucket, count.Objects, count.Bytes) : new BucketCount(bucket, 0, 0));
    }

    /// <summary>Lists the objects of a bucket whose names begin with a prefix, in the order of their names' UTF-8 bytes.</summary>
    /// <param name="bucket">The bucket's id; one that there is none of has no objects.</param>
    /// <param name="prefix">A plain, case-sensitive prefix of the names; empty lists all.</param>
    /// <param name="cancellationToken">Cancels the listing; where <see cref="SharesCoordinator"/>, the snapshot may be lost with it.</param>
    /// <returns>The objects: as many as <see cref="CountAsync"/> says.</returns>
    /// <exception cref="DatabaseException">The server refused, or the connection is lost.</exception>
    public IAsyncEnumerable<StoredObject> ListObjectsAsync(string bucket, string prefix, CancellationToken cancellationToken) =>
        ListRangeAsync(bucket, prefix, null, null, cancellationToken);

    /// <summary>Lists those of them whose names lie in a range, in the same order.</summary>
    /// <param name="bucket">The bucket's id.</param>
    /// <param name="prefix">The prefix.</param>
    /// <param name="first">The least name; <see langword="null"/> for no bound.</param>
    /// <param name="end">The name behind the last; <see langword="null"/> for no bound.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    public async IAsyncEnumerable<StoredObject> ListRangeAsync(
        string bucket, string prefix, string? first, string? end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var range = NameRange.Of(prefix).Within(first, end);
        await foreach (var page in _pages.ReadAsync(bucket, range, cancellationToken).ConfigureAwait(false))
        {
            foreach (var item in page.Objects)
                yield return item;
        }
    }

    /// <summary>Ends the listing's own connections; the coordinator's stays open.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_copies is not null)
            await _copies.DisposeAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private static string? Reason(StorageColumns columns, string encoding, bool hasIndex, ObjectConnection connection)
    {
        if (columns.FirstMissing() is { } column)
            return $"There is no column {column}.";
        if (!string.Equals(encoding, Encoding, StringComparison.OrdinalIgnoreCase))
            return $"The database's encoding is {encoding}; names are exact only in {Encoding}.";

        // A sort of the whole bucket would keep the connection from the pages of rows for as long as the listing takes.
        return !hasIndex && connection.IsShared
            ? "storage.objects has no index on (bucket_id, name COLLATE \"C\"), and only one connection is to be had."
            : null;
    }

    // The plan tells, and not the catalog: it knows of indexes that are invalid, partial or too young for the snapshot.
    private static async Task<bool> HasIndexAsync(ObjectConnection connection, ObjectQueries queries, CancellationToken cancellationToken)
    {
        var text = $"EXPLAIN (COSTS OFF) {queries.Objects(isBehind: true, hasEnd: false)}";
        var plan = await connection.QueryAsync(
            ObjectQueries.InOrder,
            ObjectPages.Command(text, string.Empty, NameRange.Of(string.Empty)),
            (reader, token) => ReadAllAsync(reader, row => row.GetString(0), token),
            Reading,
            cancellationToken).ConfigureAwait(false);
        return !plan.Exists(line => line.Contains("Sort Key", StringComparison.Ordinal));
    }

    private static Task<List<T>> QueryAsync<T>(
        ObjectConnection connection, string text, Func<NpgsqlDataReader, T> readRow, CancellationToken cancellationToken) =>
        connection.QueryAsync(
            ObjectQueries.Free,
            new NpgsqlBatchCommand(text),
            (reader, token) => ReadAllAsync(reader, readRow, token),
            Reading,
            cancellationToken);

    private static async Task<List<T>> ReadAllAsync<T>(
        NpgsqlDataReader reader, Func<NpgsqlDataReader, T> readRow, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            rows.Add(readRow(reader));
        return rows;
    }
}
