using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>The number that a cluster got when it was made, and that its standbys share: tells two servers apart that have a database of one name.</summary>
internal static class SystemIdentifier
{
    private const string Savepoint = "backup_identity";

    private const string Privilege = "SELECT pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')";

    private const string Query = "SELECT system_identifier::text FROM pg_catalog.pg_control_system()";

    /// <summary>Reads it inside a transaction, which lives on whatever the server says.</summary>
    /// <returns><see langword="null"/> where the role may not ask, or the server does not tell.</returns>
    public static async Task<string?> ReadAsync(CatalogLink connection, CancellationToken cancellationToken)
    {
        if (!await Sql.SingleAsync(connection, Privilege, row => row.GetBoolean(0), cancellationToken).ConfigureAwait(false))
            return null;

        await Sql.ExecuteAsync(connection, $"SAVEPOINT {Savepoint}", cancellationToken).ConfigureAwait(false);
        try
        {
            var identifier = await Sql.SingleAsync(connection, Query, row => row.GetString(0), cancellationToken).ConfigureAwait(false);
            await Sql.ExecuteAsync(connection, $"RELEASE SAVEPOINT {Savepoint}", cancellationToken).ConfigureAwait(false);
            return identifier;
        }
        catch (PostgresException e) when (e.SqlState != PostgresErrorCodes.QueryCanceled)
        {
            // Hosted servers without a control file of their own.
            await Sql.ExecuteAsync(connection, $"ROLLBACK TO SAVEPOINT {Savepoint};RELEASE SAVEPOINT {Savepoint}", cancellationToken).ConfigureAwait(false);
            return null;
        }
    }
}
