namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>
/// Writes the statements after a key of a partitioned table that makes those of its partitions: no server attaches an index that tells rows
/// apart by operators, as that of an exclusion constraint or a key WITHOUT OVERLAPS, so the partitions' keys cannot be made by themselves.
/// </summary>
internal static class PartitionKeyScript
{
    /// <summary>Gives the partitions' keys the names and settings that they have in the source.</summary>
    /// <param name="key">The partitioned table's key.</param>
    /// <param name="table">The partitioned table.</param>
    /// <param name="parts">The keys of the partitions at all levels, with their tables and indexes.</param>
    public static string Create(
        ConstraintDefinition key,
        TableDefinition table,
        IReadOnlyList<(ConstraintDefinition Key, TableDefinition Table, IndexDefinition? Index)> parts) =>
        parts.Count == 0
            ? ""
            : Rename(key, table, parts.Select(part => (part.Table.Name, part.Key.Name)))
                + string.Concat(parts.Select(part => part.Index is null ? "" : IndexScript.Settings(part.Index, part.Table.Name.ToSql())));

    // What the server calls them depends on which names are free at that moment. In two steps, as one may have the name that another is to get.
    private static string Rename(ConstraintDefinition key, TableDefinition table, IEnumerable<(QualifiedName Table, string Name)> parts)
    {
        var names = string.Join(",\n                ", parts.Select(part => $"({Class(part.Table)}, {SqlText.Literal(part.Name)})"));
        var block = $"""
            DECLARE
                key record;
            BEGIN
                FOR step IN 1..2 LOOP
                    FOR key IN
                        WITH RECURSIVE part(id) AS (
                            SELECT c.oid FROM pg_catalog.pg_constraint c
                            WHERE c.conrelid = {Class(table.Name)} AND c.conname = {SqlText.Literal(key.Name)}
                            UNION ALL
                            SELECT c.oid FROM part JOIN pg_catalog.pg_constraint c ON c.conparentid = part.id)
                        SELECT c.oid, c.conrelid::pg_catalog.regclass AS relation, c.conname, wanted.name
                        FROM part
                        JOIN pg_catalog.pg_constraint c ON c.oid = part.id
                        JOIN (VALUES {names}) wanted(relation, name) ON wanted.relation = c.conrelid AND wanted.name <> c.conname
                    LOOP
                        EXECUTE pg_catalog.format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I',
                            key.relation, key.conname, CASE step WHEN 1 THEN 'key ' || key.oid ELSE key.name END);
                    END LOOP;
                END LOOP;
            END
            """;
        return $"DO {SqlText.Literal(block)};\n";
    }

    // No relation for a partition that was left out.
    private static string Class(QualifiedName table) => $"pg_catalog.to_regclass({SqlText.Literal(table.ToSql())})";
}
