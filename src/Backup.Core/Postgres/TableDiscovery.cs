using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>Describes locked tables as the snapshot shows them, in one query for all.</summary>
internal static class TableDiscovery
{
    // Sizes are those of now: at least what the snapshot shows, since nothing can shrink below a row that it shows.
    private const string Columns =
        """
        SELECT c.oid,
               coalesce(am.amname = 'heap', false),
               pg_catalog.pg_relation_size(c.oid),
               CASE WHEN c.reltoastrelid <> 0 THEN pg_catalog.pg_relation_size(c.reltoastrelid) ELSE 0 END,
               ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
                     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                     ORDER BY a.attnum),
               coalesce(pg_catalog.pg_relation_filenode(c.oid), 0::oid), root.nspname, root.relname,
               pg_catalog.current_setting('block_size')::int8
        """;

    private const string From =
        """
        FROM pg_catalog.pg_class c
        LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
        LEFT JOIN LATERAL (
            SELECT n.nspname, r.relname FROM pg_catalog.pg_class r JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
            WHERE r.oid = pg_catalog.pg_partition_root(c.oid) AND EXISTS (
                SELECT FROM pg_catalog.pg_partition_ancestors(c.oid) a
                JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = a.relid AND p.partstrat = 'h'
                JOIN pg_catalog.pg_opclass o ON o.oid = ANY (p.partclass)
                WHERE o.opcintype = 'pg_catalog.anyenum'::pg_catalog.regtype)) root ON c.relispartition
        WHERE c.oid = ANY ($1)
        """;

    private const string Query = $"{Columns} {From}";

    private const string QueryWithFingerprints = $"{Columns}, {TableFingerprint.Sql}, {TableFingerprint.StableTextSql} {From}";

    /// <summary>Describes the relations, the largest first.</summary>
    /// <param name="connection">A connection that shows the snapshot.</param>
    /// <param name="relations">The relations.</param>
    /// <param name="withFingerprints">Whether to fill <see cref="TableInfo.Fingerprint"/>, which takes the server some time for each table.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public static async Task<IReadOnlyList<TableInfo>> DescribeAsync(
        CatalogLink connection, IReadOnlyList<ListedRelation> relations, bool withFingerprints, CancellationToken cancellationToken)
    {
        var listed = relations.ToDictionary(r => r.Oid);
        var tables = await Sql.QueryAsync(
            connection,
            withFingerprints ? QueryWithFingerprints : Query,
            [.. listed.Keys],
            row => Describe(row, listed[row.GetFieldValue<uint>(0)]),
            cancellationToken).ConfigureAwait(false);
        tables.Sort(static (a, b) => b.TotalBytes != a.TotalBytes
            ? b.TotalBytes.CompareTo(a.TotalBytes)
            : string.CompareOrdinal(a.Name.ToString(), b.Name.ToString()));
        return tables;
    }

    private static TableInfo Describe(NpgsqlDataReader row, ListedRelation relation)
    {
        const int Fingerprint = 9;
        var isHeap = row.GetBoolean(1);
        var condition = WithoutWhere(relation.Condition);
        return new TableInfo
        {
            Oid = relation.Oid,
            Name = relation.Name,
            Columns = row.GetFieldValue<string[]>(4),
            HeapBlocks = isHeap ? row.GetInt64(2) / row.GetInt64(8) : 0,
            TotalBytes = row.GetInt64(2) + row.GetInt64(3),
            SupportsCtidRanges = isHeap,
            RelationFile = row.GetFieldValue<uint>(5),
            LoadInto = row.IsDBNull(6) ? null : new QualifiedName(row.GetString(6), row.GetString(7)),
            Fingerprint = row.FieldCount > Fingerprint ? TableFingerprint.Of(row.GetString(Fingerprint), condition) : "",
            HasStableText = row.FieldCount > Fingerprint && row.GetBoolean(Fingerprint + 1),
            Condition = condition,
        };
    }

    // pg_extension_config_dump takes the clauses with their WHERE; an empty text means every row.
    private static string? WithoutWhere(string? clauses)
    {
        const string Where = "WHERE";
        var text = clauses?.Trim();
        if (string.IsNullOrEmpty(text))
            return null;

        return text.StartsWith(Where, StringComparison.OrdinalIgnoreCase) ? text[Where.Length..].Trim() : $"true {text}";
    }
}
