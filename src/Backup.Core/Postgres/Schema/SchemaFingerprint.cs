using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Backup.Core.Postgres.Schema;

/// <summary>
/// Tells, in one statement, whether two snapshots of a database show the same definitions: equal fingerprints mean that reading the
/// catalogs would give the same statements, but for the positions of sequences.
/// </summary>
/// <remarks>
/// PostgreSQL never changes a row of a catalog in its place, but for statistics: a change writes another version, at another place
/// or by another transaction. So place (<c>ctid</c>) and transaction (<c>xmin</c>) of every row stand for what is in it. They do not where a server
/// goes back to an earlier state and gives numbers of transactions again, so the server's start and its last loss of statistics,
/// which a crash brings, take part. What a role cannot read so is read as text, or there is no fingerprint. Other sessions' temporary
/// tables change it too, which costs no more than one reading.
/// </remarks>
internal static class SchemaFingerprint
{
    private const string Savepoint = "schema_fingerprint";
    private const int PublishedSchemasVersion = 15;

    // To be raised when the same catalogs give other statements than before.
    private const int TextVersion = 4;

    private static readonly string Program = string.Create(
        CultureInfo.InvariantCulture,
        $"{TextVersion} {typeof(SchemaFingerprint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}");

    // Every catalog that a reader asks, itself or by a function that writes definitions; all are readable by everybody.
    private static readonly string[] Catalogs =
    [
        "pg_aggregate", "pg_am", "pg_amop", "pg_amproc", "pg_attrdef", "pg_attribute", "pg_auth_members", "pg_cast", "pg_class",
        "pg_collation", "pg_constraint", "pg_conversion", "pg_database", "pg_default_acl", "pg_depend", "pg_description", "pg_enum",
        "pg_event_trigger", "pg_extension", "pg_foreign_data_wrapper", "pg_foreign_server", "pg_foreign_table", "pg_index",
        "pg_inherits", "pg_init_privs", "pg_language", "pg_namespace", "pg_opclass", "pg_operator",
        "pg_opfamily", "pg_partitioned_table", "pg_policy", "pg_proc", "pg_publication", "pg_publication_rel", "pg_range", "pg_rewrite",
        "pg_seclabel", "pg_sequence", "pg_statistic_ext", "pg_tablespace", "pg_transform", "pg_trigger", "pg_ts_config",
        "pg_ts_config_map", "pg_ts_dict", "pg_ts_parser", "pg_ts_template", "pg_type",
    ];

    /// <summary>Reads it as the connection's transaction sees it, which lives on whatever the server says.</summary>
    /// <param name="connection">A connection inside the snapshot's transaction.</param>
    /// <param name="selection">What would be read.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>64 hexadecimal digits; <see langword="null"/> where definitions are not to be compared in this way.</returns>
    public static async Task<string?> ReadAsync(CatalogLink connection, TableSelection selection, CancellationToken cancellationToken)
    {
        try
        {
            var text = await Sql.SingleAsync(
                connection,
                $"SAVEPOINT {Savepoint};{Query(connection.MajorVersion)};RELEASE SAVEPOINT {Savepoint}",
                row => row.Text(0),
                cancellationToken).ConfigureAwait(false);
            return text is null ? null : Digest($"{Program}\n{Describe(selection)}\n{text}");
        }
        catch (PostgresException e) when (e.SqlState != PostgresErrorCodes.QueryCanceled)
        {
            // A host that hides catalogs. The readers, which need less of them, may still do.
            await Sql.ExecuteAsync(
                connection, $"ROLLBACK TO SAVEPOINT {Savepoint};RELEASE SAVEPOINT {Savepoint}", cancellationToken).ConfigureAwait(false);
            return null;
        }
    }

    // Subscriptions are compared by nobody: only superusers see all of one.
    private static string Query(int majorVersion)
    {
        var catalogs = majorVersion >= PublishedSchemasVersion ? [.. Catalogs, "pg_publication_namespace"] : Catalogs;
        var parts = catalogs.Select(catalog => Part(
            catalog, "pg_catalog.hashtidextended(t.ctid, pg_catalog.hashtextextended(t.xmin::text, 0))"));
        string[] readAsText =
        [
            Part("pg_roles", "pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', t.oid, t.rolname), 0)"),
            Part("pg_user_mappings", "pg_catalog.hashtextextended(t::text, 0)"),
        ];
        return $"""
            SELECT CASE WHEN NOT EXISTS (
                SELECT FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
                WHERE d.datname = pg_catalog.current_database())
            THEN pg_catalog.concat_ws(E'\n',
                pg_catalog.current_setting('server_version_num'), pg_catalog.current_setting('is_superuser'), current_user,
                pg_catalog.pg_is_in_recovery(), pg_catalog.pg_postmaster_start_time(),
                (SELECT b.stats_reset FROM pg_catalog.pg_stat_bgwriter b),
                (SELECT pg_catalog.concat_ws(' ', d.oid, d.datname) FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()),
                (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', c.name, c.rows, c.hash), E'\n' ORDER BY c.name COLLATE "C")
                 FROM ({string.Join(" UNION ALL ", parts.Concat(readAsText))}) c(name, rows, hash))) END
            """;
    }

    // Neither sum nor exclusive or minds the order of the rows.
    private static string Part(string catalog, string hash) =>
        $"SELECT '{catalog}', pg_catalog.count(*), pg_catalog.bit_xor({hash}) FROM pg_catalog.{catalog} t";

    private static string Describe(TableSelection selection) => string.Join(
        '\n',
        ((IReadOnlyList<string>[])[selection.IncludeSchemas, selection.ExcludeSchemas, selection.IncludeTables, selection.ExcludeTables])
            .Select(patterns => string.Join('\t', patterns.Select(Escape)))
            .Append($"{selection.Preset}"));

    private static string Escape(string pattern) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pattern));

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
