using System.Data;
using Backup.Core.Errors;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Backup.Core.Postgres.StoredObjects;

/// <summary>The connection inside the snapshot over which objects are listed: one of its own, or the coordinator's.</summary>
/// <remarks>
/// Any number of callers; a gate lets one statement at a time use the connection. Over the coordinator's connection it is the
/// gate of its pages, so a statement waits until no page is read, and a page until the statement is done. Every statement
/// runs behind a savepoint: the transaction, its settings and its locks outlive a failed one.
/// </remarks>
internal sealed class ObjectConnection : IAsyncDisposable
{
    private const string Savepoint = "backup_objects";
    private const string Undo = $"ROLLBACK TO SAVEPOINT {Savepoint}";
    private const string Release = $"RELEASE SAVEPOINT {Savepoint}";

    /// <summary>Locks both tables, at once or not at all.</summary>
    /// <remarks>
    /// Never waits in line for a lock: behind a session that wants the table exclusively it would wait for the coordinator's
    /// own lock, which lasts as long as the backup. Indexes are locked by planning, which can only be limited in time.
    /// </remarks>
    public static readonly string LockTables =
        $"LOCK TABLE ONLY {StorageTables.Buckets.ToSql()}, ONLY {StorageTables.Objects.ToSql()} IN ACCESS SHARE MODE NOWAIT;"
        + $"SET LOCAL lock_timeout = 100;{CopyStatement.LockIndexes(StorageTables.Buckets)};"
        + $"{CopyStatement.LockIndexes(StorageTables.Objects)};SET LOCAL lock_timeout = 0";

    private readonly CatalogLink _connection;
    private readonly SemaphoreSlim _gate;

    private ObjectConnection(CatalogLink connection, SemaphoreSlim gate, bool isShared)
    {
        _connection = connection;
        _gate = gate;
        IsShared = isShared;
    }

    /// <summary>Whether this is the coordinator's connection.</summary>
    public bool IsShared { get; }

    /// <summary>The coordinator's connection, for want of another.</summary>
    public static ObjectConnection Share(CatalogLink connection, SemaphoreSlim gate) => new(connection, gate, isShared: true);

    /// <summary>Opens a connection of its own on the snapshot, with both tables locked.</summary>
    /// <returns>The connection, or <see langword="null"/> when none can be had; the reason is logged.</returns>
    public static async Task<ObjectConnection?> TryJoinAsync(
        PostgresSource source, string token, SnapshotOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var (link, reason) = await SnapshotJoin.TryFurtherAsync(source, token, options, LockTables, cancellationToken).ConfigureAwait(false);
        if (link is { } joined)
            return new ObjectConnection(joined, new SemaphoreSlim(1), isShared: false);

        PostgresLog.ObjectsShareConnection(logger, reason!);
        return null;
    }

    /// <summary>Runs a query and reads what it gives.</summary>
    /// <param name="settings">The settings that it is planned under; they end with it.</param>
    /// <param name="query">The query.</param>
    /// <param name="read">Reads the rows, all or the first of them.</param>
    /// <param name="action">What is being done, as the start of a sentence.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <exception cref="DatabaseException">The server refused, or the connection is lost.</exception>
    public async Task<T> QueryAsync<T>(
        IReadOnlyList<string> settings,
        NpgsqlBatchCommand query,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        string action,
        CancellationToken cancellationToken)
    {
        return await RunAsync([.. Begin(settings), query, new(Undo), new(Release)], read, action, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a statement that leaves something behind in the transaction, such as a cursor; its settings stay too.</summary>
    public async Task<T> KeepAsync<T>(
        IReadOnlyList<string> settings,
        NpgsqlBatchCommand statement,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        string action,
        CancellationToken cancellationToken)
    {
        return await RunAsync([.. Begin(settings), statement, new(Release)], read, action, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the transaction of a connection of its own; the coordinator's stays as it is.</summary>
    public async ValueTask DisposeAsync()
    {
        if (IsShared)
            return;

        try
        {
            if (IsOpen)
                await Sql.CleanUpAsync(_connection, "ROLLBACK").ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFault.IsFrom(_connection.Connection, e))
        {
            // The server has rolled back with the connection.
        }
        finally
        {
            await _connection.Connection.DisposeAsync().ConfigureAwait(false);
            _gate.Dispose();
        }
    }

    private bool IsOpen => _connection.Connection.FullState.HasFlag(ConnectionState.Open);

    private async Task<T> RunAsync<T>(
        IEnumerable<NpgsqlBatchCommand> statements,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        string action,
        CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var batch = new NpgsqlBatch(_connection.Connection) { Timeout = _connection.SilenceSeconds };
            foreach (var statement in statements)
                batch.BatchCommands.Add(statement);
            var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
                return await read(reader, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFault.IsFrom(_connection.Connection, e) || e is OperationCanceledException)
        {
            await RollBackAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw DatabaseFault.On(e, action, StorageTables.Objects.ToString());
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task RollBackAsync()
    {
        try
        {
            if (IsOpen)
                await Sql.CleanUpAsync(_connection, $"{Undo};{Release}").ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFault.IsFrom(_connection.Connection, e))
        {
            // The first fault is the one to report.
        }
    }

    private static IEnumerable<NpgsqlBatchCommand> Begin(IReadOnlyList<string> settings) =>
        settings.Prepend($"SAVEPOINT {Savepoint}").Select(text => new NpgsqlBatchCommand(text));
}
