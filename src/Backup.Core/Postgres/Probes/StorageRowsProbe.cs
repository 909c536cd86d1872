using Backup.Core.Errors;
using Backup.Core.Postgres.StoredObjects;

namespace Backup.Core.Postgres.Probes;

/// <summary>Reads the buckets from the tables of Supabase Storage.</summary>
internal static class StorageRowsProbe
{
    /// <summary>Asks for the buckets that hold files.</summary>
    /// <returns>The buckets in the order of their ids, or what the tables lack for objects to be listed from them.</returns>
    /// <exception cref="DatabaseException">The server refuses.</exception>
    public static Task<(IReadOnlyList<ProbedBucket> Buckets, string? Missing)> ReadAsync(
        PostgresSource source, CancellationToken cancellationToken) =>
        DatabaseProbe.RunAsync<(IReadOnlyList<ProbedBucket>, string?)>(
            source,
            $"Reading the buckets of {source.Description}",
            async (connection, token) =>
            {
                var columns = new StorageColumns(
                    await Sql.QueryAsync(connection, StorageColumns.Query, StorageColumns.ReadRow, token).ConfigureAwait(false));
                if (columns.FirstMissing() is { } missing)
                    return ([], missing);

                var buckets = await Sql.QueryAsync(
                    connection, Query(columns), row => new ProbedBucket(row.GetString(0), row.GetBoolean(1)), token).ConfigureAwait(false);
                return (buckets, null);
            },
            cancellationToken);

    // Whether there is any object is found in the index; counting them could take minutes.
    private static string Query(StorageColumns columns) =>
        "SELECT b.id::text, EXISTS (SELECT FROM ONLY storage.objects o WHERE o.bucket_id = b.id) FROM ONLY storage.buckets b"
        + (columns.Has(StorageTables.Buckets, "type") ? " WHERE b.type::text = 'STANDARD'" : string.Empty)
        + " ORDER BY b.id::text COLLATE \"C\"";
}
