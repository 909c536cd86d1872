using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>Describes locked tables as the snapshot shows them, in one query for all.</summary>
internal static class TableDiscovery
{
    // Sizes are those of now: at least what the snapshot shows, since nothing can shrink below a row that it shows.
    private const string Query =
        """
        SELECT c.oid,
               coalesce(am.amname = 'heap', false),
               pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::int8,
               pg_catalog.pg_relation_size(c.oid)
                   + CASE WHEN c.reltoastrelid <> 0 THEN pg_catalog.pg_relation_size(c.reltoastrelid) ELSE 0 END,
               ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
                     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                     ORDER BY a.attnum)
        FROM pg_catalog.pg_class c
        LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
        WHERE c.oid = ANY ($1)
        """;

    /// <summary>Describes the relations, the largest first.</summary>
    public static async Task<IReadOnlyList<TableInfo>> DescribeAsync(
        NpgsqlConnection connection, IReadOnlyList<ListedRelation> relations, CancellationToken cancellationToken)
    {
        var listed = relations.ToDictionary(r => r.Oid);
        var tables = await Sql.QueryAsync(
            connection, Query, [.. listed.Keys], row => Describe(row, listed[row.GetFieldValue<uint>(0)]), cancellationToken).ConfigureAwait(false);
        tables.Sort(static (a, b) => b.TotalBytes != a.TotalBytes
            ? b.TotalBytes.CompareTo(a.TotalBytes)
            : string.CompareOrdinal(a.Name.ToString(), b.Name.ToString()));
        return tables;
    }

    private static TableInfo Describe(NpgsqlDataReader row, ListedRelation relation)
    {
        var isHeap = row.GetBoolean(1);
        return new TableInfo
        {
            Oid = relation.Oid,
            Name = relation.Name,
            Columns = row.GetFieldValue<string[]>(4),
            HeapBlocks = isHeap ? row.GetInt64(2) : 0,
            TotalBytes = row.GetInt64(3),
            SupportsCtidRanges = isHeap,
            Condition = WithoutWhere(relation.Condition),
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
