using System.Globalization;

namespace Backup.Core.Postgres.LargeObjects;

/// <summary>The queries that large objects are read by.</summary>
internal static class LargeObjectQueries
{
    /// <summary>The most bytes of a row, where a large object is read by the functions: a multiple of any server's large object page.</summary>
    public const int ChunkBytes = 128 * 1024;

    /// <summary>
    /// Gives <see cref="LargeObjectRelations.MetadataColumns"/>, but for a condition on <c>ctid</c>. All roles are there, so what a
    /// restore will have to say is written by the server that knows them.
    /// </summary>
    public const string Metadata =
        """
        SELECT m.oid, pg_catalog.pg_get_userbyid(m.lomowner),
               CASE WHEN m.lomacl IS NOT NULL THEN ARRAY(
                   SELECT DISTINCT pg_catalog.pg_get_userbyid(r.id)::text COLLATE "C"
                   FROM pg_catalog.aclexplode(m.lomacl) a CROSS JOIN LATERAL (VALUES (a.grantor), (a.grantee)) r(id)
                   WHERE r.id <> 0 ORDER BY 1) END,
               CASE WHEN m.lomacl IS NOT NULL THEN (
                   SELECT pg_catalog.string_agg(s.sql, E'\n' ORDER BY s.place, s.step)
                   FROM (
                       SELECT 0 AS place, 0 AS step,
                              pg_catalog.format('REVOKE ALL ON LARGE OBJECT %s FROM %I;', m.oid, pg_catalog.pg_get_userbyid(m.lomowner)) AS sql
                       WHERE NOT m.lomacl @> pg_catalog.acldefault('L', m.lomowner)
                       UNION ALL
                       SELECT i.place, a.is_grantable::int4,
                              CASE WHEN min(a.grantor) <> m.lomowner
                                  THEN pg_catalog.format(E'SET SESSION AUTHORIZATION %I;\n', pg_catalog.pg_get_userbyid(min(a.grantor)))
                                  ELSE '' END
                              || pg_catalog.format('GRANT %s ON LARGE OBJECT %s TO %s%s;',
                                  pg_catalog.string_agg(a.privilege_type, ',' ORDER BY a.privilege_type), m.oid,
                                  CASE min(a.grantee) WHEN 0 THEN 'PUBLIC'
                                      ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(min(a.grantee))) END,
                                  CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
                              || CASE WHEN min(a.grantor) <> m.lomowner THEN E'\nRESET SESSION AUTHORIZATION;' ELSE '' END
                       FROM pg_catalog.unnest(m.lomacl) WITH ORDINALITY i(item, place), pg_catalog.aclexplode(ARRAY[i.item]) a
                       WHERE NOT i.item = ANY (pg_catalog.acldefault('L', m.lomowner))
                       GROUP BY i.place, a.is_grantable) s) END,
               NULLIF(pg_catalog.concat_ws(E'\n',
                   (SELECT pg_catalog.format('COMMENT ON LARGE OBJECT %s IS %L;', m.oid, d.description)
                    FROM pg_catalog.pg_description d
                    WHERE d.objoid = m.oid AND d.classoid = 'pg_catalog.pg_largeobject'::pg_catalog.regclass AND d.objsubid = 0),
                   (SELECT pg_catalog.string_agg(
                        pg_catalog.format('SECURITY LABEL FOR %I ON LARGE OBJECT %s IS %L;', l.provider, m.oid, l.label), E'\n' ORDER BY l.provider)
                    FROM pg_catalog.pg_seclabel l
                    WHERE l.objoid = m.oid AND l.classoid = 'pg_catalog.pg_largeobject'::pg_catalog.regclass AND l.objsubid = 0)), '')
        FROM ONLY pg_catalog.pg_largeobject_metadata m
        """;

    /// <summary>Gives the oid and the size of each large object, by oid, to a role that may read all of them.</summary>
    public const string Sizes = $"SELECT m.oid, s.size FROM {All} m {Size} ORDER BY m.oid";

    private const string All = "(SELECT oid FROM pg_catalog.pg_largeobject_metadata)";

    // OFFSET 0 keeps the planner from opening the object once more for each use of its descriptor, which is closed here: a transaction
    // has only so many. 262144 is INV_READ, the 2 is SEEK_END.
    private const string Size =
        """
        CROSS JOIN LATERAL (
            SELECT pg_catalog.lo_lseek64(o.fd, 0, 2) + pg_catalog.lo_close(o.fd) AS size
            FROM (SELECT pg_catalog.lo_open(m.oid, 262144) AS fd OFFSET 0) o OFFSET 0) s
        """;

    /// <summary>
    /// Gives <see cref="LargeObjectRelations.ContentsColumns"/> as the catalog holds them, but for a condition on <c>ctid</c>. Only some roles may
    /// read that catalog.
    /// </summary>
    /// <remarks>
    /// A page without bytes says how long an object is whose end is a hole, as <c>lo_truncate</c> leaves it, and nobody can write one. In its place
    /// the last zero of that hole is given; nothing where the page before it is full, whose row tells of that byte.
    /// </remarks>
    /// <param name="pageBytes">The bytes of a large object's page on the server.</param>
    public static string OfCatalog(long pageBytes)
    {
        const string EndsHole = "pg_catalog.length(l.data) = 0 AND l.pageno > 0";
        return Text(
            $"""
            SELECT l.loid, l.pageno::int8 * {pageBytes} - CASE WHEN {EndsHole} THEN 1 ELSE 0 END,
                   CASE WHEN {EndsHole} THEN coalesce(
                       (SELECT l.data FROM pg_catalog.pg_largeobject n
                        WHERE n.loid = l.loid AND n.pageno = l.pageno - 1 AND pg_catalog.length(n.data) = {pageBytes}),
                       pg_catalog.decode('00', 'hex')) ELSE l.data END
            FROM ONLY pg_catalog.pg_largeobject l
            """);
    }

    /// <summary>
    /// Gives <see cref="LargeObjectRelations.ContentsColumns"/> of what lies between two places, by the functions that anybody may call who may
    /// read the objects. Of a hole nothing is given, but for the end of an object, which says how long it is.
    /// </summary>
    /// <param name="first">Where to begin; <see langword="null"/> for the first object.</param>
    /// <param name="end">Where to end; <see langword="null"/> for the end of the last object.</param>
    public static string ByFunctions(LargeObjectPlace? first, LargeObjectPlace? end)
    {
        var lower = first is { } from ? Text($"m.oid >= {from.Oid}") : "true";
        var upper = end is { } to ? Text(to.Offset == 0 ? $"m.oid < {to.Oid}" : (FormattableString)$"m.oid <= {to.Oid}") : "true";
        var start = first is { Offset: > 0 } inside ? Text($"CASE m.oid WHEN {inside.Oid} THEN {inside.Offset}::int8 ELSE 0 END") : "0::int8";
        var stop = end is { Offset: > 0 } cut ? Text($"CASE m.oid WHEN {cut.Oid} THEN least(s.size, {cut.Offset}) ELSE s.size END") : "s.size";
        return Text(
            $"""
            SELECT m.oid, c.place, d.data
            FROM (SELECT oid FROM pg_catalog.pg_largeobject_metadata m WHERE {lower} AND {upper} ORDER BY oid) m
            {Size}
            CROSS JOIN LATERAL (SELECT pg_catalog.generate_series({start}, {stop} - 1, {ChunkBytes}) AS place) c
            CROSS JOIN LATERAL (SELECT pg_catalog.lo_get(m.oid, c.place, {ChunkBytes}) AS data OFFSET 0) d
            WHERE d.data <> pg_catalog.decode(pg_catalog.repeat('00', {ChunkBytes}), 'hex') OR c.place + {ChunkBytes} >= s.size
            """);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
