using System.Globalization;
using Backup.Core.Errors;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>Takes and checks the locks that keep tables as they are for as long as they are read.</summary>
internal static class TableLocks
{
    // One statement a batch: a statement of many names is parsed quickly and fails as one.
    private const int TablesPerStatement = 200;
    private const string Savepoint = "backup_lock";

    private const string HeldQuery =
        """
        SELECT relation FROM pg_catalog.pg_locks
        WHERE locktype = 'relation' AND pid = pg_catalog.pg_backend_pid() AND granted AND mode = 'AccessShareLock'
          AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
        """;

    private const string BlockersQuery =
        """
        SELECT n.nspname::text, c.relname::text, l.pid, coalesce(a.usename::text, '?'), coalesce(a.application_name, ''),
               coalesce(a.xact_start::timestamptz(0)::text, '?')
        FROM pg_catalog.pg_locks l
        JOIN pg_catalog.pg_class c ON c.oid = l.relation
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.pid <> pg_catalog.pg_backend_pid()
          AND l.relation = ANY ($1)
        ORDER BY l.granted DESC, a.xact_start
        LIMIT 1
        """;

    /// <summary>
    /// Locks tables, waiting for each as long as <paramref name="timeout"/> says, and passes over those that are no longer
    /// there. Takes no snapshot.
    /// </summary>
    public static async Task TakeAsync(
        CatalogLink connection, IEnumerable<QualifiedName> tables, TimeSpan timeout, CancellationToken cancellationToken)
    {
        await Sql.ExecuteAsync(connection, SetTimeout(timeout), cancellationToken).ConfigureAwait(false);
        foreach (var chunk in tables.Chunk(TablesPerStatement))
        {
            if (await TryTakeAsync(connection, chunk, cancellationToken).ConfigureAwait(false))
                continue;

            foreach (var table in chunk)
                await TryTakeAsync(connection, [table], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Locks the indexes of the tables whose pages are read by queries. Otherwise REINDEX could take one in between, wait
    /// for the readers that hold it already, and keep the others waiting for itself.
    /// </summary>
    public static async Task TakeIndexesAsync(
        CatalogLink connection, IEnumerable<QualifiedName> tables, CancellationToken cancellationToken)
    {
        foreach (var chunk in tables.Chunk(TablesPerStatement))
        {
            var queries = string.Join(';', chunk.Select(CopyStatement.LockIndexes));
            await Sql.ExecuteAsync(connection.Unlimited, queries, cancellationToken).ConfigureAwait(false);
        }

        await Sql.ExecuteAsync(connection, SetTimeout(TimeSpan.Zero), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The oids of the relations that this session holds ACCESS SHARE locks on.</summary>
    public static async Task<HashSet<uint>> ReadHeldAsync(CatalogLink connection, CancellationToken cancellationToken)
    {
        var held = await Sql.QueryAsync(connection, HeldQuery, row => row.GetFieldValue<uint>(0), cancellationToken).ConfigureAwait(false);
        return [.. held];
    }

    /// <summary>The fault of a lock that was not to be had, with the session that has it where it can be known.</summary>
    /// <param name="connection">A connection outside any transaction.</param>
    /// <param name="oids">The tables that were to be locked.</param>
    /// <param name="timeout">How long each was awaited.</param>
    /// <param name="cause">What the driver threw.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public static async Task<DatabaseException> ExplainAsync(
        CatalogLink connection, uint[] oids, TimeSpan timeout, NpgsqlException cause, CancellationToken cancellationToken)
    {
        var blockers = await Sql.QueryAsync(connection, BlockersQuery, oids, ReadBlocker, cancellationToken).ConfigureAwait(false);
        var (table, blocker) = blockers.Count > 0 ? blockers[0] : ("A table", "another session");
        var limit = timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        return new DatabaseException($"{table} could not be locked within {limit} s: {blocker} holds or awaits an exclusive lock.", cause)
        {
            Subject = blockers.Count > 0 ? table : null,
            Hint = "Run again when that session is done, end it with pg_terminate_backend, or allow a longer lock time-out.",
            IsTransient = true,
            SqlState = cause.SqlState,
        };
    }

    private static async Task<bool> TryTakeAsync(CatalogLink connection, QualifiedName[] tables, CancellationToken cancellationToken)
    {
        var names = string.Join(", ", tables.Select(name => $"ONLY {name.ToSql()}"));
        var statements = $"SAVEPOINT {Savepoint};LOCK TABLE {names} IN ACCESS SHARE MODE;RELEASE SAVEPOINT {Savepoint}";
        try
        {
            // The server limits the waiting for locks, which says nothing for as long.
            await Sql.ExecuteAsync(connection.Unlimited, statements, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (PostgresException e) when (e.SqlState
            is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.WrongObjectType)
        {
            // Dropped or renamed since it was listed, perhaps while its lock was awaited.
            var undo = $"ROLLBACK TO SAVEPOINT {Savepoint};RELEASE SAVEPOINT {Savepoint}";
            await Sql.ExecuteAsync(connection, undo, cancellationToken).ConfigureAwait(false);
            return false;
        }
    }

    private static (string Table, string Blocker) ReadBlocker(NpgsqlDataReader row)
    {
        var application = row.GetString(4) is { Length: > 0 } name ? $" of {name}" : string.Empty;
        return (
            new QualifiedName(row.GetString(0), row.GetString(1)).ToString(),
            string.Create(
                CultureInfo.InvariantCulture,
                $"process {row.GetInt32(2)}{application} (role {row.GetString(3)}, in a transaction since {row.GetString(5)})"));
    }

    /// <summary>The statement that limits the wait for a lock until the transaction ends.</summary>
    public static string SetTimeout(TimeSpan timeout) =>
        string.Create(CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = {(long)timeout.TotalMilliseconds}");
}
