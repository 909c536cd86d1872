using System.Runtime.ExceptionServices;
using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;
using Backup.Core.Postgres.StoredObjects;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>One instant of a database, held open on one or several connections, with every selected table locked against change.</summary>
/// <remarks>
/// The coordinator's connection takes the locks and the snapshot, the others join it. When a connection cannot join, as
/// behind some poolers, the session goes on with those that could: fewer readers, the same instant. Disposing rolls back.
/// </remarks>
internal sealed class SnapshotSession : IAsyncDisposable
{
    private readonly Coordinator _coordinator;
    private readonly IReadOnlyList<SnapshotConnection> _readers;
    private readonly PostgresSource _source;
    private readonly SnapshotOptions _options;
    private readonly OpenedSnapshot _opened;
    private readonly ILogger _logger;

    private SnapshotSession(
        PostgresSource source,
        SnapshotOptions options,
        OpenedSnapshot opened,
        Coordinator coordinator,
        IReadOnlyList<SnapshotConnection> joined,
        ILogger logger)
    {
        _source = source;
        _options = options;
        _opened = opened;
        _coordinator = coordinator;
        _readers = [coordinator.Connection, .. joined];
        _logger = logger;
    }

    /// <summary>The instant and the server.</summary>
    public SnapshotInfo Snapshot => _opened.Info;

    /// <summary>The tables to read, locked, the largest first.</summary>
    public IReadOnlyList<TableInfo> Tables => _opened.Tables;

    /// <summary>The selected tables that cannot be read; empty unless <see cref="SnapshotOptions.AllowUnreadableTables"/>.</summary>
    public IReadOnlyList<UnreadableTable> Unreadable => _opened.Unreadable;

    /// <summary>The coordinator's connection, for reading the catalog; not to be used while any reader has a page open.</summary>
    public NpgsqlConnection Connection => _coordinator.Connection.Connection;

    /// <summary>The connections that read: those asked for, or fewer when some could not join.</summary>
    public int Connections => _readers.Count;

    /// <summary>Opens the snapshot and its connections.</summary>
    /// <exception cref="DatabaseException">The server cannot be reached, or a table cannot be read or locked.</exception>
    public static async Task<SnapshotSession> OpenAsync(
        PostgresSource source, TableSelection selection, SnapshotOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Connections, 1);
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var opened = await SnapshotTransaction.OpenAsync(connection, selection, options, logger, cancellationToken).ConfigureAwait(false);
            var joined = await JoinAsync(source, opened, options, logger, cancellationToken).ConfigureAwait(false);
            foreach (var table in opened.Unreadable)
                PostgresLog.TableUnreadable(logger, table.Name, table.Fault.Message);
            PostgresLog.SnapshotTaken(
                logger, source.Description, opened.Info.ServerVersion, opened.Tables.Count, joined.Count + 1, opened.Info.Lsn);
            var first = new SnapshotConnection(connection, number: 0, opened.Info.Encoding, holdsLocks: true);
            return new SnapshotSession(source, options, opened, new Coordinator(first, new SemaphoreSlim(1)), joined, logger);
        }
        catch (Exception e)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            if (DatabaseFault.IsFromDriver(e))
                throw DatabaseFault.On(e, $"Opening a snapshot of {source.Description}", source.Description);
            throw;
        }
    }

    /// <summary>Reads the definitions of all objects as the snapshot shows them; not while any reader has a page open.</summary>
    /// <exception cref="DatabaseException">The catalog cannot be read.</exception>
    public async Task<DatabaseSchema> ReadSchemaAsync(TableSelection selection, CancellationToken cancellationToken)
    {
        try
        {
            return await SchemaReader.ReadAsync(Connection, selection, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFault.IsFrom(Connection, e))
        {
            throw DatabaseFault.On(e, $"Reading the catalog of {Snapshot.DatabaseName}", Snapshot.DatabaseName);
        }
    }

    /// <summary>Opens the listing of stored objects, of the same instant as the rows; disposed before the session.</summary>
    /// <returns>
    /// The listing, or <see langword="null"/> when the database has none of the tables of Supabase Storage, when the role
    /// does not see every row of them, or when they are of an unknown shape. The reason is logged.
    /// </returns>
    /// <remarks>Not while <see cref="ReadSchemaAsync"/> or <see cref="ConfirmAsync"/> runs.</remarks>
    /// <exception cref="InvalidOperationException">The session was opened without <see cref="SnapshotOptions.ListsObjects"/>.</exception>
    /// <exception cref="DatabaseException">The catalog cannot be read.</exception>
    public async Task<SnapshotObjects?> OpenObjectsAsync(CancellationToken cancellationToken)
    {
        var storage = _opened.Storage ?? throw new InvalidOperationException("The snapshot was opened without listing objects.");
        if (storage.Reason is not null)
        {
            if (storage.IsAbsent)
                PostgresLog.NoStorageTables(_logger, storage.Reason);
            else
                PostgresLog.ObjectsUnlistable(_logger, storage.Reason);
            return null;
        }

        // Where not every reader could join, there is no room for a further connection.
        var own = Connections < _options.Connections
            ? null
            : await ObjectConnection.TryJoinAsync(_source, _opened.Token!, _options.JoinTimeout, _logger, cancellationToken).ConfigureAwait(false);
        return await SnapshotObjects.OpenAsync(own ?? ObjectConnection.Share(_coordinator), Snapshot.Encoding, _logger, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>A reader of the session; 0 reads over the coordinator's connection.</summary>
    /// <param name="number">From 0 to <see cref="Connections"/> - 1; one reader each.</param>
    public PageReader OpenReader(int number) => new(_readers[number], _coordinator, _logger);

    /// <summary>
    /// Makes sure that the coordinator's transaction, and with it every lock, has lasted until now. To be called when the last
    /// page has been read: a table that lost its lock may have been truncated, and the snapshot would show it empty.
    /// </summary>
    /// <exception cref="DatabaseException">The coordinator's connection was lost: what was read is not to be trusted.</exception>
    public async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Sql.ExecuteAsync(Connection, "SELECT", cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFault.IsFrom(Connection, e))
        {
            throw DatabaseFault.On(e, $"Holding the snapshot of {Snapshot.DatabaseName}", Snapshot.DatabaseName);
        }
    }

    /// <summary>Ends the snapshot on every connection. All readers must have been disposed.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            // The coordinator last: its locks protect what the others still read.
            await DisposeAllAsync(_readers.Reverse()).ConfigureAwait(false);
        }
        finally
        {
            _coordinator.Gate.Dispose();
        }
    }

    // Every one is disposed, whatever becomes of those before it: each that is left keeps a transaction and its locks.
    private static async Task DisposeAllAsync(IEnumerable<SnapshotConnection> connections)
    {
        ExceptionDispatchInfo? first = null;
        foreach (var connection in connections)
        {
            try
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                first ??= ExceptionDispatchInfo.Capture(e);
            }
        }

        first?.Throw();
    }

    private static async Task<IReadOnlyList<SnapshotConnection>> JoinAsync(
        PostgresSource source, OpenedSnapshot opened, SnapshotOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        if (opened.Token is null)
            return [];

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.JoinTimeout);
        var attempts = Enumerable.Range(1, options.Connections - 1)
            .Select(number => TryJoinAsync(source, opened, number, limit.Token))
            .ToArray();
        var results = await AllOrNoneAsync(attempts).ConfigureAwait(false);
        var joined = results.Select(r => r.Connection).OfType<SnapshotConnection>().ToArray();
        if (cancellationToken.IsCancellationRequested)
        {
            await DisposeAllAsync(joined).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (results.FirstOrDefault(r => r.Fault is not null).Fault is { } fault)
            PostgresLog.FewerConnections(logger, joined.Length + 1, options.Connections, fault);
        return joined;
    }

    private static async Task<(SnapshotConnection? Connection, string? Fault)[]> AllOrNoneAsync(
        Task<(SnapshotConnection? Connection, string? Fault)>[] attempts)
    {
        try
        {
            return await Task.WhenAll(attempts).ConfigureAwait(false);
        }
        catch
        {
            foreach (var attempt in attempts.Where(attempt => attempt.IsCompletedSuccessfully))
            {
                if (await attempt.ConfigureAwait(false) is { Connection: { } connection })
                    await connection.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    private static async Task<(SnapshotConnection? Connection, string? Fault)> TryJoinAsync(
        PostgresSource source, OpenedSnapshot opened, int number, CancellationToken cancellationToken)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await SnapshotTransaction.JoinAsync(connection, opened.Token!, cancellationToken).ConfigureAwait(false);
            return (new SnapshotConnection(connection, number, opened.Info.Encoding, holdsLocks: false), null);
        }
        catch (Exception e) when (e is DatabaseException or OperationCanceledException || DatabaseFault.IsFromDriver(e))
        {
            if (connection is not null)
                await connection.DisposeAsync().ConfigureAwait(false);
            return (null, e is OperationCanceledException ? "It took too long to connect." : e.Message);
        }
    }
}
