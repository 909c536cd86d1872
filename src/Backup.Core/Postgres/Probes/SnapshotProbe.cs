using Backup.Core.Errors;
using Npgsql;

namespace Backup.Core.Postgres.Probes;

/// <summary>Exports a snapshot and lets a second connection join it, as a backup does. Locks nothing.</summary>
internal static class SnapshotProbe
{
    /// <summary>Tries it.</summary>
    /// <param name="source">The database.</param>
    /// <param name="joinTimeout">How long the second connection may take.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>Why the second connection could not join; <see langword="null"/> when it could.</returns>
    /// <exception cref="DatabaseException">No snapshot can be exported, or the server does not take a setting that a backup needs.</exception>
    public static Task<string?> TryAsync(PostgresSource source, TimeSpan joinTimeout, CancellationToken cancellationToken) =>
        DatabaseProbe.RunInTransactionAsync(
            source,
            $"Exporting a snapshot of {source.Description}",
            async (connection, token) =>
            {
                await SnapshotTransaction.VerifySettingsAsync(connection, token).ConfigureAwait(false);
                var snapshot = await Sql.SingleAsync(connection, SnapshotTransaction.Export, row => row.GetString(0), token).ConfigureAwait(false);
                return await TryJoinAsync(source, snapshot, joinTimeout, token).ConfigureAwait(false);
            },
            cancellationToken);

    private static async Task<string?> TryJoinAsync(
        PostgresSource source, string snapshot, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        NpgsqlConnection? connection = null;
        try
        {
            connection = await source.OpenConnectionAsync(limit.Token).ConfigureAwait(false);
            await SnapshotTransaction.JoinAsync(connection, snapshot, limit.Token).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is DatabaseException or OperationCanceledException || DatabaseFault.IsFromDriver(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return e switch
            {
                OperationCanceledException => "it took too long to connect",
                PostgresException server => DatabaseFault.Sentence(server.MessageText),
                _ => DatabaseFault.Sentence(e.Message),
            };
        }
        finally
        {
            if (connection is not null)
            {
                await DatabaseProbe.RollBackAsync(connection).ConfigureAwait(false);
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
