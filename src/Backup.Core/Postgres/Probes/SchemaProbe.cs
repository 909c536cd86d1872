using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;
using Npgsql;

namespace Backup.Core.Postgres.Probes;

/// <summary>Reads the definitions of all selected objects as a backup does, and keeps none.</summary>
internal static class SchemaProbe
{
    /// <summary>Counts the definitions.</summary>
    /// <param name="source">The database.</param>
    /// <param name="selection">What is to be backed up.</param>
    /// <param name="lockTimeout">How long to wait for a table that another session changes.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The number; <see langword="null"/> when another session held a lock for longer than that.</returns>
    /// <exception cref="DatabaseException">One cannot be read, or the database holds objects that a backup cannot hold.</exception>
    public static Task<int?> CountAsync(
        PostgresSource source, TableSelection selection, TimeSpan lockTimeout, CancellationToken cancellationToken) =>
        DatabaseProbe.RunInTransactionAsync(
            source,
            $"Reading the catalog of {source.Description}",
            async (connection, token) =>
            {
                await Sql.ExecuteAsync(connection, TableLocks.SetTimeout(lockTimeout), token).ConfigureAwait(false);
                return await TryCountAsync(connection, selection, token).ConfigureAwait(false);
            },
            cancellationToken);

    private static async Task<int?> TryCountAsync(NpgsqlConnection connection, TableSelection selection, CancellationToken cancellationToken)
    {
        try
        {
            var schema = await SchemaReader.ReadAsync(connection, selection, cancellationToken).ConfigureAwait(false);
            KnownServers.ThrowIfAny(schema.Unsupported);
            return schema.Entries.Count;
        }
        catch (DatabaseException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return null;
        }
    }
}
