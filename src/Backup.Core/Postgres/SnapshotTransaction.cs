using Backup.Core.Errors;
using Backup.Core.Postgres.LargeObjects;
using Backup.Core.Postgres.StoredObjects;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>What an opened snapshot transaction gives.</summary>
/// <param name="Info">The instant and the server.</param>
/// <param name="Tables">The locked tables, the largest first.</param>
/// <param name="Unreadable">The selected tables that were left out.</param>
/// <param name="Storage">The tables that stored objects are listed from, locked; <see langword="null"/> when none are to be listed.</param>
/// <param name="Token">What further connections join the snapshot by; <see langword="null"/> when none is to join.</param>
internal sealed record OpenedSnapshot(
    SnapshotInfo Info,
    IReadOnlyList<TableInfo> Tables,
    IReadOnlyList<UnreadableTable> Unreadable,
    StorageTables? Storage,
    string? Token);

/// <summary>Begins the transactions that show one snapshot.</summary>
/// <remarks>
/// Tables are locked before the snapshot is taken, so none can be rewritten or truncated between the two. A table that the
/// snapshot shows and that is not locked was made in the meantime: then everything starts again.
/// </remarks>
internal static class SnapshotTransaction
{
    // An attempt takes milliseconds; applications that make and drop tables all the time need a few.
    private const int MaxAttempts = 20;

    /// <summary>The query that exports the snapshot of a transaction: of one row, the text that others join it by.</summary>
    public const string Export = "SELECT pg_catalog.pg_export_snapshot()";

    private static readonly TimeSpan SharedLockTimeout = TimeSpan.FromMilliseconds(200);

    private const string Begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;";

    private const string InfoQuery =
        """
        SELECT pg_catalog.current_database()::text, pg_catalog.current_setting('server_version'),
               pg_catalog.current_setting('server_version_num')::int4, pg_catalog.pg_encoding_to_char(d.encoding)::text,
               pg_catalog.statement_timestamp(), pg_catalog.pg_is_in_recovery(),
               pg_catalog.has_function_privilege('pg_catalog.pg_current_wal_lsn()', 'EXECUTE')
                   AND pg_catalog.has_function_privilege('pg_catalog.pg_last_wal_replay_lsn()', 'EXECUTE'), d.oid
        FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
        """;

    /// <summary>Opens the coordinator's transaction: locks, snapshot, tables.</summary>
    /// <param name="connection">The coordinator's connection.</param>
    /// <param name="selection">The tables to read.</param>
    /// <param name="options">How they are read.</param>
    /// <param name="isShared">Whether further connections are to join.</param>
    /// <param name="logger">Told of further attempts.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    /// <exception cref="DatabaseException">A table cannot be read or locked, or the tables do not stop changing.</exception>
    public static async Task<OpenedSnapshot> OpenAsync(
        CatalogLink connection,
        TableSelection selection,
        SnapshotOptions options,
        bool isShared,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var planned = await PlanAsync(connection, selection, options, cancellationToken).ConfigureAwait(false);
            try
            {
                if (await TryOpenAsync(connection, planned, selection, options, isShared, cancellationToken).ConfigureAwait(false) is { } opened)
                    return opened;
            }
            catch (PostgresException e) when (DatabaseFault.IsLockNotAvailable(e))
            {
                await Sql.ExecuteAsync(connection, "ROLLBACK", cancellationToken).ConfigureAwait(false);
                uint[] oids = [.. planned.ToLock.Select(r => r.Oid), LargeObjectRelations.MetadataOid, LargeObjectRelations.ContentsOid];
                throw await TableLocks.ExplainAsync(connection, oids, options.LockTimeout, e, cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                // The other session goes on; this one starts again.
            }

            if (attempt == MaxAttempts)
            {
                throw new DatabaseException($"The tables of {connection.Database} changed during each of {MaxAttempts} attempts to lock them.")
                {
                    IsTransient = true,
                    Category = ErrorCategory.Conflict,
                    Hint = "Run again when no migration is at work.",
                };
            }

            PostgresLog.TablesChanged(logger, attempt);
            await Sql.ExecuteAsync(connection, "ROLLBACK", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Opens the transaction of a process that reads a part of another one's snapshot, with the part's tables locked: from then on they
    /// can be read whoever waits in line for them.
    /// </summary>
    /// <remarks>
    /// A lock is not waited for: behind a session that wants the table exclusively, it would be for the other process's own lock, which
    /// lasts as long as the backup.
    /// </remarks>
    /// <exception cref="PostgresException">The snapshot is gone, or another session stands in line for a table.</exception>
    public static async Task<OpenedSnapshot> OpenSharedAsync(
        CatalogLink connection, SharedSnapshot shared, IReadOnlyList<TableInfo> tables, SnapshotOptions options, CancellationToken cancellationToken)
    {
        await JoinAsync(connection, shared.Token, cancellationToken).ConfigureAwait(false);
        await TableLocks.TakeAsync(connection, tables.Select(table => table.LockedName), SharedLockTimeout, cancellationToken).ConfigureAwait(false);
        if (options.ListsObjects)
            await Sql.ExecuteAsync(connection, ObjectConnection.LockTables, cancellationToken).ConfigureAwait(false);

        await TableLocks.TakeIndexesAsync(connection, NamesQueried(tables, options), cancellationToken).ConfigureAwait(false);
        var storage = options.ListsObjects ? new StorageTables([], Reason: null, IsAbsent: false) : null;
        return new OpenedSnapshot(shared.Info, tables, [], storage, shared.Token);
    }

    /// <summary>Opens a further connection's transaction on the same snapshot.</summary>
    public static async Task JoinAsync(CatalogLink connection, string token, CancellationToken cancellationToken)
    {
        var join = JoinStatements(token, connection.MajorVersion);
        await Sql.ExecuteAsync(connection, join, cancellationToken).ConfigureAwait(false);
        await VerifySettingsAsync(connection, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a further data connection's transaction on the same snapshot.</summary>
    public static async Task JoinAsync(DataConnection connection, OpenedSnapshot opened, CancellationToken cancellationToken)
    {
        var version = opened.Info.MajorVersion;
        await connection.ExecuteAsync(JoinStatements(opened.Token!, version), cancellationToken).ConfigureAwait(false);
        SessionSettings.Verify(version, await connection.QueryRowAsync(SessionSettings.Query(version), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Begins a reading transaction with its settings. Takes no snapshot.</summary>
    public static Task BeginAsync(CatalogLink connection, CancellationToken cancellationToken) =>
        Sql.ExecuteAsync(connection, Begin + SessionSettings.Statements(connection.MajorVersion), cancellationToken);

    /// <summary>Fails unless the server took every setting.</summary>
    /// <exception cref="DatabaseException">It did not.</exception>
    public static async Task VerifySettingsAsync(CatalogLink connection, CancellationToken cancellationToken)
    {
        var version = connection.MajorVersion;
        var taken = await Sql.SingleAsync(connection, SessionSettings.Query(version), Sql.ReadTexts, cancellationToken).ConfigureAwait(false);
        SessionSettings.Verify(version, taken);
    }

    private static string JoinStatements(string token, int majorVersion) =>
        $"{Begin}SET TRANSACTION SNAPSHOT {SqlText.Literal(token)};{SessionSettings.Statements(majorVersion)}";

    /// <summary>Lists what is to be locked, in a transaction of its own.</summary>
    private static async Task<LockPlan> PlanAsync(
        CatalogLink connection, TableSelection selection, SnapshotOptions options, CancellationToken cancellationToken)
    {
        await BeginAsync(connection, cancellationToken).ConfigureAwait(false);
        var plan = await ListAsync(connection, selection, options, cancellationToken).ConfigureAwait(false);
        plan = plan with { Statistics = await ReadStatisticsAsync(connection, plan.Readable, options, cancellationToken).ConfigureAwait(false) };
        await Sql.ExecuteAsync(connection, "COMMIT", cancellationToken).ConfigureAwait(false);
        return plan;
    }

    private static async Task<OpenedSnapshot?> TryOpenAsync(
        CatalogLink connection,
        LockPlan planned,
        TableSelection selection,
        SnapshotOptions options,
        bool isShared,
        CancellationToken cancellationToken)
    {
        await BeginAsync(connection, cancellationToken).ConfigureAwait(false);
        await TableLocks.TakeAsync(connection, planned.ToLock.Select(r => r.Name), options.LockTimeout, cancellationToken).ConfigureAwait(false);

        // The first query: from here on the transaction shows one instant.
        var info = await ReadInfoAsync(connection, cancellationToken).ConfigureAwait(false);
        var shown = await ListAsync(connection, selection, options, cancellationToken).ConfigureAwait(false);
        var held = await TableLocks.ReadHeldAsync(connection, cancellationToken).ConfigureAwait(false);
        if (!shown.ToLock.TrueForAll(relation => held.Contains(relation.Oid)))
            return null;

        var tables = await TableDiscovery
            .DescribeAsync(connection, shown.Readable, options.ReadsFingerprints, cancellationToken).ConfigureAwait(false);
        var statistics = await ReadStatisticsAsync(connection, shown.Readable, options, cancellationToken).ConfigureAwait(false);
        tables = [.. tables.Select(t => t with { Writes = planned.Statistics?.Of(t), WritesAfter = statistics?.Of(t) })];
        var largeObjects = await LargeObjectDiscovery.FindAsync(connection, selection, options, cancellationToken).ConfigureAwait(false);
        if (largeObjects.Unreadable is { } fault && !options.AllowUnreadableTables)
            throw fault.Fault;

        tables = [.. tables.Concat(largeObjects.Tables).OrderByDescending(table => table.TotalBytes)];
        var withIndexes = NamesQueried(tables, options).Union(shown.Storage?.Relations.Select(r => r.Name) ?? []);
        await TableLocks.TakeIndexesAsync(connection, withIndexes, cancellationToken).ConfigureAwait(false);
        await VerifySettingsAsync(connection, cancellationToken).ConfigureAwait(false);
        var token = isShared || shown.Storage is { Reason: null }
            ? await Sql.SingleAsync(connection, Export, row => row.GetString(0), cancellationToken).ConfigureAwait(false)
            : null;
        return new OpenedSnapshot(info, tables, [.. shown.Unreadable.Concat(largeObjects.Unreadable is { } left ? [left] : [])], shown.Storage, token);
    }

    // The tables whose pages are, or may be, read by queries. Those that are compared with earlier ones are cut as they were then.
    private static IEnumerable<QualifiedName> NamesQueried(IEnumerable<TableInfo> tables, SnapshotOptions options) => tables
        .Where(table => PagePlanner.MayBeQueried(table, options.Pages, mayFollowEarlier: options.ReadsFingerprints))
        .Select(table => table.LockedName);

    private static async Task<TableStatistics?> ReadStatisticsAsync(
        CatalogLink connection, List<ListedRelation> tables, SnapshotOptions options, CancellationToken cancellationToken) =>
        options.ReadsStatistics
            ? await TableStatistics.ReadAsync(connection, [.. tables.Select(table => table.Oid)], cancellationToken).ConfigureAwait(false)
            : null;

    private static async Task<LockPlan> ListAsync(
        CatalogLink connection, TableSelection selection, SnapshotOptions options, CancellationToken cancellationToken)
    {
        var (all, listed) = await RelationListing.ReadAsync(connection, selection, cancellationToken).ConfigureAwait(false);
        var (role, isStandby) = await Sql.SingleAsync(
            connection, "SELECT current_user::text, pg_catalog.pg_is_in_recovery()", row => (row.GetString(0), row.GetBoolean(1)), cancellationToken)
            .ConfigureAwait(false);
        var (readable, unreadable) = TableReadability.Split(listed, role, isStandby);
        if (unreadable.Count > 0 && !options.AllowUnreadableTables)
            throw TableReadability.Combine(unreadable);

        var storage = options.ListsObjects ? StorageTables.Find(all, role, isStandby) : null;
        var partitioned = listed.Where(r => r is { IsPartitionedTable: true, CanSelect: true });
        return new LockPlan([.. readable.Concat(partitioned).Union(storage?.Relations ?? [])], readable, unreadable, storage);
    }

    private static async Task<SnapshotInfo> ReadInfoAsync(CatalogLink connection, CancellationToken cancellationToken)
    {
        var (info, mayAskLsn) = await Sql.SingleAsync(connection, InfoQuery, ReadInfo, cancellationToken).ConfigureAwait(false);
        if (!mayAskLsn)
            return info;

        var function = info.IsStandby ? "pg_last_wal_replay_lsn" : "pg_current_wal_lsn";
        var lsn = await Sql.SingleAsync(
            connection, $"SELECT pg_catalog.{function}()::text", row => row.IsDBNull(0) ? null : row.GetString(0), cancellationToken)
            .ConfigureAwait(false);
        return info with { Lsn = lsn };
    }

    private static (SnapshotInfo Info, bool MayAskLsn) ReadInfo(NpgsqlDataReader row) => (
        new SnapshotInfo
        {
            DatabaseName = row.GetString(0),
            ServerVersion = row.GetString(1),
            ServerVersionNumber = row.GetInt32(2),
            Encoding = row.GetString(3),
            TakenAt = row.GetFieldValue<DateTimeOffset>(4),
            IsStandby = row.GetBoolean(5),
            DatabaseOid = row.GetFieldValue<uint>(7),
            Lsn = null,
        },
        row.GetBoolean(6));

    private sealed record LockPlan(
        List<ListedRelation> ToLock, List<ListedRelation> Readable, List<UnreadableTable> Unreadable, StorageTables? Storage)
    {
        // Of the moment before the snapshot.
        public TableStatistics? Statistics { get; init; }
    }
}
