using Backup.Core.Errors;
using Npgsql;

namespace Backup.Core.Postgres.Probes;

/// <summary>Reads what a server says of itself, in one query.</summary>
internal static class ServerProbe
{
    // A superuser passes every limit but the server's. Of other roles' sessions everybody sees database and role, if nothing else;
    // processes of the server have no role.
    private const string Query =
        """
        SELECT pg_catalog.current_setting('server_version'), pg_catalog.current_setting('server_version_num')::int4 / 10000,
               pg_catalog.pg_encoding_to_char(d.encoding)::text, current_user::text, pg_catalog.pg_is_in_recovery(),
               pg_catalog.current_setting('hot_standby_feedback')::bool, pg_catalog.current_setting('max_standby_streaming_delay'),
               pg_catalog.current_setting('max_connections')::int4 - used.in_all
                   - CASE WHEN r.rolsuper THEN 0
                          ELSE pg_catalog.current_setting('superuser_reserved_connections')::int4
                               + coalesce(pg_catalog.current_setting('reserved_connections', true)::int4, 0) END,
               CASE WHEN r.rolconnlimit >= 0 AND NOT r.rolsuper THEN r.rolconnlimit - used.by_role END,
               CASE WHEN d.datconnlimit >= 0 AND NOT r.rolsuper THEN d.datconnlimit - used.in_database END,
               pg_catalog.current_setting('max_locks_per_transaction')::int8
                   * (pg_catalog.current_setting('max_connections')::int8 + pg_catalog.current_setting('max_prepared_transactions')::int8),
               ARRAY(SELECT s.name || ' = ' || pg_catalog.current_setting(s.name) FROM pg_catalog.pg_settings s
                     WHERE s.name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')
                         AND s.setting <> '0'
                     ORDER BY s.name)
        FROM pg_catalog.pg_database d, pg_catalog.pg_roles r,
             (SELECT count(*)::int4 AS in_all,
                     (count(*) FILTER (WHERE usename = session_user))::int4 AS by_role,
                     (count(*) FILTER (WHERE datname = pg_catalog.current_database()))::int4 AS in_database
              FROM pg_catalog.pg_stat_activity
              WHERE usesysid IS NOT NULL AND datid IS NOT NULL AND pid <> pg_catalog.pg_backend_pid()) used
        WHERE d.datname = pg_catalog.current_database() AND r.rolname = session_user
        """;

    /// <summary>Asks the server.</summary>
    /// <exception cref="DatabaseException">It cannot be reached, is too old or refuses.</exception>
    public static Task<ServerFacts> ReadAsync(PostgresSource source, CancellationToken cancellationToken) => DatabaseProbe.RunAsync(
        source,
        $"Asking {source.Description} about itself",
        (connection, token) => Sql.SingleAsync(connection, Query, ReadRow, token),
        cancellationToken);

    private static ServerFacts ReadRow(NpgsqlDataReader row) => new()
    {
        Version = row.GetString(0),
        MajorVersion = row.GetInt32(1),
        Encoding = row.GetString(2),
        Role = row.GetString(3),
        IsStandby = row.GetBoolean(4),
        HasStandbyFeedback = row.GetBoolean(5),
        StandbyDelay = row.GetString(6),
        ServerConnections = row.GetInt32(7),
        RoleConnections = row.IsDBNull(8) ? null : row.GetInt32(8),
        DatabaseConnections = row.IsDBNull(9) ? null : row.GetInt32(9),
        Locks = row.GetInt64(10),
        TimeLimits = row.GetFieldValue<string[]>(11),
    };
}
