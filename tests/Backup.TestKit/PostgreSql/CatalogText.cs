using System.Data;
using Npgsql;

namespace Backup.TestKit.PostgreSql;

/// <summary>
/// What a database's system catalogs say, a line for each row, with names in the place of oids: two databases with the same
/// lines hold the same objects. It knows nothing of how a backup reads catalogs, so it finds what that forgets: columns are
/// taken as the server lists them, and what refers to what as <c>pg_get_catalog_foreign_keys()</c> tells.
/// </summary>
public static class CatalogText
{
    // What differs between databases that hold the same: places, statistics, what is worked out from the rows or only ever set,
    // the numbers of columns and what counts dropped ones. And what no statement can give back, and nothing rests on: the dimensions
    // of arrays, the encoding of a collation that was copied from one of the server's, whether a key's constraint is inherited,
    // which attaching a partition leaves as it is (that of a check is in its definition).
    private static readonly HashSet<string> Ignored =
    [
        "oid", "relfilenode", "relpages", "reltuples", "relallvisible", "relallfrozen", "relfrozenxid", "relminmxid", "reltoastrelid",
        "relhasindex", "relhasrules", "relhastriggers", "relhassubclass", "relnatts", "relrewrite", "attnum", "attcacheoff", "attndims",
        "atthasmissing", "attmissingval", "typndims", "indcheckxmin", "enumsortorder", "inhseqno", "subdbid", "adnum", "partattrs", "tgattr",
        "prattrs", "stxkeys", "indkey", "conkey", "confkey", "confdelsetcols", "collencoding", "connoinherit",
    ];

    private static readonly CatalogQuery[] Catalogs =
    [
        new("pg_aggregate", "aggfnoid"),
        new("pg_am"),
        new("pg_amop"),
        new("pg_amproc"),
        new("pg_attrdef", Definition: "pg_get_expr(t.adbin, t.adrelid) || ' of ' || pg_describe_object(1259, t.adrelid, t.adnum)"),
        new("pg_attribute", "attrelid", "t.attnum > 0 AND NOT t.attisdropped",
            "(SELECT count(*) FROM pg_attribute b WHERE b.attrelid = t.attrelid AND b.attnum BETWEEN 1 AND t.attnum AND NOT b.attisdropped)::text"),
        new("pg_cast"),
        new("pg_class", Definition:
            """
            CASE WHEN t.relkind IN ('v', 'm') THEN pg_get_viewdef(t.oid) WHEN t.relkind IN ('i', 'I') THEN pg_get_indexdef(t.oid)
                WHEN t.relpartbound IS NOT NULL THEN pg_get_expr(t.relpartbound, t.oid) END
            """),
        new("pg_collation"),
        new("pg_constraint", Definition: "pg_get_constraintdef(t.oid)"),
        new("pg_conversion"),
        new("pg_default_acl"),
        new("pg_enum", Definition: "(SELECT count(*) FROM pg_enum e WHERE e.enumtypid = t.enumtypid AND e.enumsortorder <= t.enumsortorder)::text"),
        new("pg_event_trigger"),
        new("pg_extension"),
        new("pg_foreign_data_wrapper"),
        new("pg_foreign_server"),
        new("pg_foreign_table", "ftrelid"),
        new("pg_index", "indexrelid"),
        new("pg_inherits", "inhrelid", Definition: "(SELECT count(*) FROM pg_inherits b WHERE b.inhrelid = t.inhrelid AND b.inhseqno <= t.inhseqno)::text"),
        new("pg_language"),
        new("pg_largeobject_metadata", Where: "true", Definition: "t.oid::text"),
        new("pg_namespace", Where: "t.nspname !~ '^pg_(toast|temp)'"),
        new("pg_opclass"),
        // One without a function is only announced by another one, and belongs to whoever made that.
        new("pg_operator", Where: "t.oprcode <> 0"),
        new("pg_opfamily"),
        new("pg_partitioned_table", "partrelid", Definition: "pg_get_partkeydef(t.partrelid)"),
        new("pg_policy", Definition: "pg_get_expr(t.polqual, t.polrelid) || ' ' || coalesce(pg_get_expr(t.polwithcheck, t.polrelid), '')"),
        new("pg_proc", Definition: "CASE WHEN t.prokind <> 'a' THEN pg_get_functiondef(t.oid) ELSE pg_get_function_arguments(t.oid) END"),
        new("pg_publication"),
        new("pg_publication_namespace", Since: 15),
        new("pg_publication_rel"),
        new("pg_range", "rngtypid"),
        new("pg_rewrite", Definition: "pg_get_ruledef(t.oid)"),
        new("pg_sequence", "seqrelid"),
        new("pg_statistic_ext", Definition: "pg_get_statisticsobjdef(t.oid)"),
        new("pg_subscription", Where: "t.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())"),
        new("pg_transform"),
        new("pg_trigger", Where: "NOT t.tgisinternal", Definition: "pg_get_triggerdef(t.oid)"),
        new("pg_ts_config"),
        new("pg_ts_config_map", "mapcfg"),
        new("pg_ts_dict"),
        new("pg_ts_parser"),
        new("pg_ts_template"),

        // Before version 17 a multirange does not follow when the owner of its range changes. pg_range tells its name.
        new("pg_type", Where: "NOT EXISTS (SELECT FROM pg_type m WHERE m.typtype = 'm' AND m.oid IN (t.oid, t.typelem))",
            Definition: "pg_get_expr(t.typdefaultbin, 0)"),
    ];

    private const string AttachedTexts =
        """
        SELECT concat_ws(' ', 'comment on', pg_describe_object(classoid, objoid, objsubid), 'is', description) FROM pg_description
            WHERE objoid >= 16384 OR (classoid = 2615 AND objoid = 2200)
        UNION ALL SELECT concat_ws(' ', 'label on', pg_describe_object(classoid, objoid, objsubid), provider, label) FROM pg_seclabel
        UNION ALL SELECT concat_ws(' ', 'privileges of', oid::regclass, relacl) FROM pg_class WHERE oid < 16384
        UNION ALL SELECT concat_ws(' ', 'privileges of', oid::regprocedure, proacl) FROM pg_proc WHERE oid < 16384
        UNION ALL SELECT concat_ws(' ', 'privileges of', lanname, lanacl) FROM pg_language WHERE oid < 16384
        UNION ALL SELECT concat_ws(' ', 'privileges of', attrelid::regclass, attname, attacl) FROM pg_attribute
            WHERE attrelid < 16384 AND attacl IS NOT NULL
        UNION ALL SELECT concat_ws(' ', pg_describe_object(classid, objid, 0), 'goes with', pg_describe_object(refclassid, refobjid, 0))
            FROM pg_depend WHERE deptype = 'x'
        UNION ALL SELECT concat_ws(' ', 'content of large object', oid, md5(lo_get(oid))) FROM pg_largeobject_metadata
        """;

    /// <summary>The lines, sorted.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(string connectionString, CancellationToken cancellationToken = default)
    {
        await using var connection = await PostgresFixture.OpenAsync(connectionString);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using (var path = new NpgsqlCommand("SET LOCAL search_path = ''", connection))
        {
            await path.ExecuteNonQueryAsync(cancellationToken);
        }

        var columns = await CatalogColumn.ReadAsync(connection, cancellationToken);
        var lines = await ListAsync(connection, AttachedTexts, cancellationToken);
        foreach (var catalog in Catalogs.Where(catalog => catalog.Since <= connection.PostgreSqlVersion.Major))
        {
            var kept = columns[catalog.Name].Where(column => !Ignored.Contains(column.Name));
            lines.AddRange(await ListAsync(connection, catalog.ToSql([.. kept]), cancellationToken));
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>What differs between two databases, a line each with <c>-</c> or <c>+</c> before it; empty when they hold the same.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyList<string> expected, IReadOnlyList<string> actual) =>
    [
        .. Without(expected, actual).Select(line => $"- {line}"),
        .. Without(actual, expected).Select(line => $"+ {line}"),
    ];

    private static IEnumerable<string> Without(IReadOnlyList<string> lines, IReadOnlyList<string> others)
    {
        var counts = others.CountBy(line => line, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (counts.GetValueOrDefault(line) > 0)
            {
                counts[line]--;
            }
            else
            {
                yield return line;
            }
        }
    }

    private static async Task<List<string>> ListAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var lines = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }
}
