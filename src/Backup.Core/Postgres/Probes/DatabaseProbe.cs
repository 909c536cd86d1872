using System.Data;
using Backup.Core.Errors;
using Npgsql;

namespace Backup.Core.Postgres.Probes;

/// <summary>Asks a database one thing on a connection of its own, so that no question depends on what became of another.</summary>
internal static class DatabaseProbe
{
    /// <summary>Opens a connection, asks and closes it.</summary>
    /// <param name="source">The database.</param>
    /// <param name="action">What is being done, as the start of a sentence.</param>
    /// <param name="ask">The question.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="DatabaseException">The server cannot be reached or refused the question.</exception>
    public static async Task<T> RunAsync<T>(
        PostgresSource source, string action, Func<NpgsqlConnection, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var disposal = connection.ConfigureAwait(false);
        try
        {
            return await ask(connection, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFault.IsFrom(connection, e))
        {
            throw DatabaseFault.On(e, action, source.Description);
        }
    }

    /// <summary>Asks inside a transaction as a backup begins it, and rolls it back.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public static Task<T> RunInTransactionAsync<T>(
        PostgresSource source, string action, Func<NpgsqlConnection, CancellationToken, Task<T>> ask, CancellationToken cancellationToken) =>
        RunAsync(
            source,
            action,
            async (connection, token) =>
            {
                try
                {
                    await SnapshotTransaction.BeginAsync(connection, token).ConfigureAwait(false);
                    return await ask(connection, token).ConfigureAwait(false);
                }
                finally
                {
                    await RollBackAsync(connection).ConfigureAwait(false);
                }
            },
            cancellationToken);

    /// <summary>Ends the transaction at once, and not with the pool's reset: behind a pooler others wait for the server.</summary>
    public static async Task RollBackAsync(NpgsqlConnection connection)
    {
        try
        {
            if (connection.FullState.HasFlag(ConnectionState.Open))
                await Sql.CleanUpAsync(connection, "ROLLBACK").ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFault.IsFrom(connection, e))
        {
            // The server has rolled back with the connection.
        }
    }
}
