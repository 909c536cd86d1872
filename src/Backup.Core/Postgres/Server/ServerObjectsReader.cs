using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Backup.Core.Postgres.Server;

/// <summary>Reads what belongs to the server: the settings of the database, and the roles.</summary>
internal static class ServerObjectsReader
{
    private const string Savepoint = "server_reading";

    /// <summary>Reads it as the connection's transaction sees it, which lives on whatever the server says.</summary>
    /// <param name="connection">A connection inside the snapshot's transaction.</param>
    /// <param name="withRoles">Whether the roles are read.</param>
    /// <param name="logger">Told where the settings may not be read.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="DatabaseException">The roles could not be read.</exception>
    public static async Task<ServerObjects> ReadAsync(
        CatalogLink connection, bool withRoles, ILogger logger, CancellationToken cancellationToken)
    {
        await Sql.ExecuteAsync(connection, $"SAVEPOINT {Savepoint}", cancellationToken).ConfigureAwait(false);
        var context = ReadContext.Bare(connection);
        try
        {
            var database = await DatabaseSettingsReader.ReadAsync(context, connection.MajorVersion, cancellationToken).ConfigureAwait(false);
            var roles = withRoles ? await RolesReader.ReadAsync(context, connection.MajorVersion, cancellationToken).ConfigureAwait(false) : null;
            await Sql.ExecuteAsync(connection, $"RELEASE SAVEPOINT {Savepoint}", cancellationToken).ConfigureAwait(false);
            return new ServerObjects(connection.MajorVersion, database, roles);
        }
        catch (DatabaseException exception) when (!withRoles && exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // A host that hides catalogs. Nobody asked for the settings in particular, and the rows need none of them.
            await Sql.ExecuteAsync(connection, $"ROLLBACK TO SAVEPOINT {Savepoint};RELEASE SAVEPOINT {Savepoint}", cancellationToken)
                .ConfigureAwait(false);
            PostgresLog.SettingsHidden(logger, exception.Message);
            return new ServerObjects(connection.MajorVersion, null, null);
        }
    }
}
