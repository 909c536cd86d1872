using Backup.Core.Errors;
using Npgsql;

namespace Backup.Core.Postgres.Probes;

/// <summary>Finds out whether a pooler stands in between, which one, and in which mode, leaving nothing behind on its connections.</summary>
internal static class PoolerProbe
{
    private const string SupavisorDomain = ".pooler.supabase.com";

    // A server takes any setting with a dot in its name. PgBouncer knows which ones it can keep apart, and names what it refuses.
    private const string UnknownOption = "-c backup_core.probe=on";
    private const string PgBouncerRefusal = "unsupported startup parameter";

    private const string ProcessQuery = "SELECT pg_catalog.pg_backend_pid()";

    // A pooler that takes its servers in turn shows the same one again only after all others.
    private const int Rounds = 8;

    /// <summary>Asks.</summary>
    /// <param name="source">The database.</param>
    /// <param name="timeout">How long a second connection may take: a pooler may have no place for it.</param>
    /// <param name="cancellationToken">Cancels the questions.</param>
    /// <exception cref="DatabaseException">The first connection failed.</exception>
    public static Task<PoolerFacts> RunAsync(PostgresSource source, TimeSpan timeout, CancellationToken cancellationToken) =>
        DatabaseProbe.RunAsync(
            source,
            $"Asking for the server's process behind {source.Description}",
            async (connection, token) =>
            {
                // A pooler hands out keys of its own to cancel by, so the process in them is not the one that answers.
                var process = await ReadProcessAsync(connection, token).ConfigureAwait(false);
                if (process == connection.ProcessID)
                    return new PoolerFacts(PoolerKind.None, PoolingMode.Unknown);

                var mode = await FindModeAsync(source, process, timeout, token).ConfigureAwait(false);
                return new PoolerFacts(await FindKindAsync(source, timeout, token).ConfigureAwait(false), mode);
            },
            cancellationToken);

    /// <summary>
    /// The first connection is open and idle. A second one that meets the first one's server, or several servers, is in
    /// transaction mode; in session mode it has one server, and another one than the first.
    /// </summary>
    private static async Task<PoolingMode> FindModeAsync(
        PostgresSource source, int firstProcess, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            var connection = await source.OpenConnectionAsync(limit.Token).ConfigureAwait(false);
            await using var disposal = connection.ConfigureAwait(false);
            var processes = new HashSet<int>();
            for (var round = 0; round < Rounds; round++)
            {
                processes.Add(await ReadProcessAsync(connection, limit.Token).ConfigureAwait(false));
                if (processes.Count > 1 || processes.Contains(firstProcess))
                    return PoolingMode.Transaction;
            }

            return PoolingMode.Session;
        }
        catch (Exception e) when (e is DatabaseException or OperationCanceledException || DatabaseFault.IsFromDriver(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return PoolingMode.Unknown;
        }
    }

    private static async Task<PoolerKind> FindKindAsync(PostgresSource source, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (source.Host?.EndsWith(SupavisorDomain, StringComparison.OrdinalIgnoreCase) is true)
            return PoolerKind.Supavisor;
        if (source.CreateConnection(UnknownOption) is not { } connection)
            return PoolerKind.Other;

        await using var disposal = connection.ConfigureAwait(false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await connection.OpenAsync(limit.Token).ConfigureAwait(false);
            return PoolerKind.Other;
        }
        catch (PostgresException e) when (e.MessageText.Contains(PgBouncerRefusal, StringComparison.Ordinal))
        {
            return PoolerKind.PgBouncer;
        }
        catch (Exception e) when (e is OperationCanceledException || DatabaseFault.IsFromDriver(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return PoolerKind.Other;
        }
    }

    private static Task<int> ReadProcessAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        Sql.SingleAsync(connection, ProcessQuery, row => row.GetInt32(0), cancellationToken);
}
