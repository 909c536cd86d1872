namespace Backup.Core.Postgres;

/// <summary>What the server's cumulative statistics say of tables at one moment: how much was ever written to each.</summary>
/// <remarks>
/// A session reports what it wrote some time after its transaction has ended, up to a minute, and only while it is in none. So what is
/// counted was committed, but not all that is committed is counted yet. Writes that come by replication into a standby are not counted,
/// nor are those of a session that has <c>track_counts</c> off.
/// </remarks>
internal sealed class TableStatistics
{
    // Each time a counter may begin anew: a reset by hand, the server's start, and a crash, which the background writer's part tells.
    private const string EpochQuery =
        """
        SELECT pg_catalog.concat_ws(' ', extract(epoch FROM pg_catalog.pg_postmaster_start_time()),
                                    extract(epoch FROM d.stats_reset), extract(epoch FROM b.stats_reset))
        FROM pg_catalog.pg_stat_database d, pg_catalog.pg_stat_bgwriter b
        WHERE d.datname = pg_catalog.current_database()
          AND pg_catalog.current_setting('track_counts')::bool AND NOT pg_catalog.pg_is_in_recovery()
        """;

    private const string CountsQuery =
        """
        SELECT oid, pg_catalog.pg_stat_get_tuples_inserted(oid), pg_catalog.pg_stat_get_tuples_updated(oid),
               pg_catalog.pg_stat_get_tuples_deleted(oid)
        FROM pg_catalog.unnest($1) AS oid
        """;

    private readonly Dictionary<uint, TableWrites> _tables;

    private TableStatistics(Dictionary<uint, TableWrites> tables) => _tables = tables;

    /// <summary>Reads them.</summary>
    /// <param name="connection">A connection in a transaction that has read none before: a transaction sees the same statistics throughout.</param>
    /// <param name="oids">The tables.</param>
    /// <param name="cancellationToken">Cancels the queries.</param>
    /// <returns><see langword="null"/> where the server does not count what is written.</returns>
    public static async Task<TableStatistics?> ReadAsync(CatalogLink connection, uint[] oids, CancellationToken cancellationToken)
    {
        var epoch = await Sql.QueryAsync(connection, EpochQuery, row => row.GetString(0), cancellationToken).ConfigureAwait(false);
        if (epoch.Count == 0)
            return null;

        var counts = await Sql.QueryAsync(
            connection,
            CountsQuery,
            oids,
            row => (Oid: row.GetFieldValue<uint>(0), Writes: new TableWrites(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), epoch[0])),
            cancellationToken).ConfigureAwait(false);
        return new TableStatistics(counts.ToDictionary(row => row.Oid, row => row.Writes));
    }

    /// <summary>What there is to say of a table.</summary>
    /// <returns><see langword="null"/> for nothing, and for one whose text may change though nothing is written to it.</returns>
    public TableWrites? Of(TableInfo table) => table.HasStableText ? _tables.GetValueOrDefault(table.Oid) : null;
}
