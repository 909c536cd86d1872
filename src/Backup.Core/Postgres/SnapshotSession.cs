using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;
using Backup.Core.Postgres.Server;
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

    // A lost connection's place is taken by another one, by the only reader that uses it.
    private readonly SnapshotConnection[] _readers;
    private readonly PostgresSource _source;
    private readonly SnapshotOptions _options;
    private readonly OpenedSnapshot _opened;
    private readonly DataConnections _connections;
    private readonly ILogger _logger;

    private SnapshotSession(
        PostgresSource source,
        SnapshotOptions options,
        NpgsqlConnection connection,
        OpenedSnapshot opened,
        DataConnections connections,
        IReadOnlyList<SnapshotConnection> joined,
        ILogger logger)
    {
        _source = source;
        _options = options;
        _opened = opened;
        _connections = connections;
        Connection = connection;
        Link = new CatalogLink(connection, options.ReadTimeout);
        var first = new SnapshotConnection(
            new NpgsqlDataConnection(connection, number: 0, options.ReadTimeout), opened.Info.Encoding, holdsLocks: true);
        _coordinator = new Coordinator(connection, Link, first, opened.Info.DatabaseName);

        // Where enough others read, the coordinator is kept free for the tables that only it can read.
        _readers = joined.Count < options.Connections ? [first, .. joined] : [.. joined];
        _logger = logger;
    }

    /// <summary>What other processes join by; <see langword="null"/> where the snapshot was not exported.</summary>
    public SharedSnapshot? Shared => _opened.Token is { } token ? new SharedSnapshot(token, _opened.Info) : null;

    /// <summary>The instant and the server.</summary>
    public SnapshotInfo Snapshot => _opened.Info;

    /// <summary>The tables to read, locked, the largest first.</summary>
    public IReadOnlyList<TableInfo> Tables => _opened.Tables;

    /// <summary>The selected tables that cannot be read; empty unless <see cref="SnapshotOptions.AllowUnreadableTables"/>.</summary>
    public IReadOnlyList<UnreadableTable> Unreadable => _opened.Unreadable;

    /// <summary>The coordinator's connection, for reading the catalog; not to be used while any reader has a page open.</summary>
    public NpgsqlConnection Connection { get; }

    private CatalogLink Link { get; }

    /// <summary>The connections that read: those asked for, or fewer when some could not join.</summary>
    public int Connections => _readers.Length;

    /// <summary>Opens the snapshot and its connections.</summary>
    /// <exception cref="DatabaseException">The server cannot be reached, or a table cannot be read or locked.</exception>
    public static Task<SnapshotSession> OpenAsync(
        PostgresSource source, TableSelection selection, SnapshotOptions options, ILogger logger, CancellationToken cancellationToken) =>
        OpenAsync(
            source,
            options,
            (link, isShared) => SnapshotTransaction.OpenAsync(link, selection, options, isShared, logger, cancellationToken),
            logger,
            cancellationToken);

    /// <summary>Joins a snapshot that another process holds, to read some of its tables. This session's first connection locks them.</summary>
    /// <param name="source">The same database.</param>
    /// <param name="shared">The snapshot.</param>
    /// <param name="tables">The tables, as that process knows them.</param>
    /// <param name="options">How they are read.</param>
    /// <param name="logger">The run's log.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="DatabaseException">
    /// The server cannot be reached, the snapshot is gone, or another session stands in line for a table (<see cref="ErrorCategory.Conflict"/>):
    /// then only the process that holds the snapshot can read it.
    /// </exception>
    public static Task<SnapshotSession> JoinAsync(
        PostgresSource source,
        SharedSnapshot shared,
        IReadOnlyList<TableInfo> tables,
        SnapshotOptions options,
        ILogger logger,
        CancellationToken cancellationToken) =>
        OpenAsync(
            source,
            options,
            (link, _) => SnapshotTransaction.OpenSharedAsync(link, shared, tables, options, cancellationToken),
            logger,
            cancellationToken);

    /// <summary>
    /// Gives the definitions of all objects as the snapshot shows them, over the coordinator's connection. Readers may be at work: a page
    /// that only that connection can read waits until this has ended, and the other way round.
    /// </summary>
    /// <param name="schemas">What has been read before.</param>
    /// <param name="selection">What is chosen.</param>
    /// <param name="known">A schema that may still be the same.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public Task<DatabaseSchema> ReadSchemaAsync(
        SchemaLookup schemas, TableSelection selection, KnownSchema? known, CancellationToken cancellationToken) =>
        _coordinator.ReadCatalogAsync(link => schemas.ReadAsync(link, OpenBesideAsync, selection, known, cancellationToken), cancellationToken);

    /// <summary>Reads the settings of the database, and the server's roles where they are wanted, under the same rules.</summary>
    public Task<ServerObjects> ReadServerObjectsAsync(bool withRoles, CancellationToken cancellationToken) =>
        _coordinator.ReadCatalogAsync(link => ServerObjectsReader.ReadAsync(link, withRoles, _logger, cancellationToken), cancellationToken);

    /// <summary>Reads which server this is, before any reader is opened.</summary>
    /// <returns>The system identifier; <see langword="null"/> where the server does not tell.</returns>
    /// <exception cref="DatabaseException">The connection is lost.</exception>
    public async Task<string?> ReadSystemIdentifierAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await SystemIdentifier.ReadAsync(Link, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFault.IsFrom(Connection, e))
        {
            throw DatabaseFault.On(e, $"Reading which server {Snapshot.DatabaseName} is on", Snapshot.DatabaseName);
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
            : await ObjectConnection.TryJoinAsync(_source, _opened.Token!, _options, _logger, cancellationToken).ConfigureAwait(false);
        var copies = own is null ? null : new ObjectCopies(_connections, _opened, _options.LastJoinTimeout, _logger);
        return await SnapshotObjects.OpenAsync(
            own ?? ObjectConnection.Share(Link, _coordinator.Gate), copies, Snapshot.Encoding, _logger, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A reader of the session; where the coordinator's connection reads, it is that of reader 0.</summary>
    /// <param name="number">From 0 to <see cref="Connections"/> - 1; one reader each.</param>
    public PageReader OpenReader(int number) =>
        new(_readers[number], token => RejoinAsync(number, token), _coordinator, _logger);

    /// <inheritdoc cref="Coordinator.ConfirmAsync"/>
    public Task ConfirmAsync(CancellationToken cancellationToken) => _coordinator.ConfirmAsync(cancellationToken);

    /// <inheritdoc cref="Coordinator.TryConfirmAsync"/>
    public Task<bool> TryConfirmAsync(CancellationToken cancellationToken) => _coordinator.TryConfirmAsync(cancellationToken);

    /// <summary>Ends the snapshot on every connection. All readers must have been disposed.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            // The coordinator last: its locks protect what the others still read.
            var joined = _readers.Where(reader => reader != _coordinator.Connection).Reverse();
            await SnapshotJoin.DisposeAllAsync([.. joined, _coordinator.Connection]).ConfigureAwait(false);
        }
        finally
        {
            _coordinator.Dispose();
        }
    }

    private static async Task<SnapshotSession> OpenAsync(
        PostgresSource source,
        SnapshotOptions options,
        Func<CatalogLink, bool, Task<OpenedSnapshot>> open,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Connections, 1);
        var connection = await source.OpenConnectionAsync(options.ConnectTimeout, cancellationToken).ConfigureAwait(false);
        try
        {
            var link = new CatalogLink(connection, options.ReadTimeout);
            var connections = await DataConnections.ChooseAsync(source, link, options, logger, cancellationToken).ConfigureAwait(false);
            var opened = await open(link, options.IsShared || connections.MaxCount > 0).ConfigureAwait(false);
            var joined = await SnapshotJoin.AllAsync(connections, opened, options, logger, cancellationToken).ConfigureAwait(false);
            foreach (var table in opened.Unreadable)
                PostgresLog.TableUnreadable(logger, table.Name, table.Fault.Message);
            var session = new SnapshotSession(source, options, connection, opened, connections, joined, logger);
            PostgresLog.SnapshotTaken(
                logger, source.Description, opened.Info.ServerVersion, opened.Tables.Count, session.Connections, opened.Info.Lsn);
            return session;
        }
        catch (Exception e)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            if (DatabaseFault.IsFromDriver(e))
                throw DatabaseFault.On(e, $"Opening a snapshot of {source.Description}", source.Description);
            throw;
        }
    }

    // Whoever wants one connection, or cannot have as many as are wanted, has no room for a further one.
    private async Task<CatalogLink?> OpenBesideAsync(CancellationToken cancellationToken)
    {
        if (_options.Connections == 1 || Connections < _options.Connections || _opened.Token is not { } token)
            return null;

        var (link, reason) = await SnapshotJoin.TryFurtherAsync(_source, token, _options, first: "", cancellationToken).ConfigureAwait(false);
        if (reason is not null)
            PostgresLog.CatalogsShareConnection(_logger, reason);
        return link;
    }

    private async Task<SnapshotConnection> RejoinAsync(int number, CancellationToken cancellationToken)
    {
        var lost = _readers[number];
        if (lost == _coordinator.Connection || !_coordinator.Connection.IsUsable)
        {
            throw new DatabaseException($"The snapshot of {Snapshot.DatabaseName} is lost with the connection that held it.")
            {
                Subject = Snapshot.DatabaseName,
                Category = ErrorCategory.Connection,
                Hint = "Run the backup again.",
            };
        }

        var joined = await SnapshotJoin
            .AgainAsync(_connections, _opened, number + 1, _options, _source.Description, cancellationToken).ConfigureAwait(false);
        _readers[number] = joined;
        PostgresLog.Rejoined(_logger, number);
        await lost.DisposeAsync().ConfigureAwait(false);
        return joined;
    }
}
