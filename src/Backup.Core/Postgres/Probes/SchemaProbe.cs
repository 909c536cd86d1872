using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Postgres.Probes;

/// <summary>Reads the definitions of all selected objects as a backup does, and keeps none.</summary>
internal static class SchemaProbe
{
    /// <summary>Counts the definitions.</summary>
    /// <exception cref="DatabaseException">One cannot be read, or the database holds objects that a backup cannot hold.</exception>
    public static Task<int> CountAsync(PostgresSource source, TableSelection selection, CancellationToken cancellationToken) =>
        DatabaseProbe.RunInTransactionAsync(
            source,
            $"Reading the catalog of {source.Description}",
            async (connection, token) => (await SchemaReader.ReadAsync(connection, selection, token).ConfigureAwait(false)).Entries.Count,
            cancellationToken);
}
