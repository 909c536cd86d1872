namespace Backup.Core.Postgres;

/// <summary>
/// What two snapshots must agree on for the rows of a table that were read under the earlier one to be rows of the table that the
/// later one shows: which relation it is, its columns and their types, and the condition that chooses the rows.
/// </summary>
/// <remarks>
/// Names and defaults, constraints and indexes are not part of it: the schema is written as the last snapshot shows it, and the
/// rows fit it all the same. Labels of an enumeration and attributes of a composite type are: the text of a row holds them.
/// The relation's file is not: a rewritten table is still the same table.
/// </remarks>
internal static class TableFingerprint
{
    /// <summary>The SQL that gives it for the row <c>c</c> of <c>pg_class</c>, but for the condition: 64 hexadecimal digits.</summary>
    public const string Sql =
        """
        (SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat_ws(E'\n', c.oid, pg_catalog.string_agg(
                    pg_catalog.concat_ws(' ', a.attnum, a.atttypid, a.atttypmod, a.attgenerated, a.attname,
                        CASE e.typtype
                            WHEN 'e' THEN (SELECT pg_catalog.string_agg(l.enumlabel::text, ',' ORDER BY l.enumsortorder)
                                           FROM pg_catalog.pg_enum l WHERE l.enumtypid = e.oid)
                            WHEN 'c' THEN (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', f.attnum, f.atttypid), ',' ORDER BY f.attnum)
                                           FROM pg_catalog.pg_attribute f
                                           WHERE f.attrelid = e.typrelid AND f.attnum > 0 AND NOT f.attisdropped)
                        END), E'\n' ORDER BY a.attnum)), pg_catalog.getdatabaseencoding())), 'hex')
         FROM pg_catalog.pg_attribute a
         LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
         LEFT JOIN pg_catalog.pg_type e
             ON e.oid = CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
        """;

    /// <summary>The SQL that says for the row <c>c</c> of <c>pg_class</c> whether no value's text depends on anything that is not in the fingerprint.</summary>
    public const string StableTextSql =
        """
        NOT EXISTS (
            SELECT FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_catalog.pg_type e
                ON e.oid = CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              AND (e.typtype = 'e' OR e.typtype = 'b' AND e.typcategory <> 'A' AND e.typname !~ '^(reg|aclitem$)'
                   OR e.typtype = 'r' AND e.typnamespace = 'pg_catalog'::pg_catalog.regnamespace) IS NOT TRUE)
        """;

    /// <summary>The whole of it.</summary>
    /// <param name="relation">What <see cref="Sql"/> gave.</param>
    /// <param name="condition">The condition on the rows, if there is one.</param>
    public static string Of(string relation, string? condition) => condition is null ? relation : $"{relation} {condition}";
}
