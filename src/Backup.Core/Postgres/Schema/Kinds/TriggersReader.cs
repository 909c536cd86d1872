namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads triggers of tables, views and partitioned tables.</summary>
/// <remarks>
/// CREATE TRIGGER on a partitioned table makes the triggers of its partitions too; of those only a differing state is
/// written, which needs both the trigger and the partition to be there.
/// </remarks>
internal sealed class TriggersReader : ObjectKindReader
{
    // Before version 15 the triggers that a partition takes over are marked as internal. NULL for a definition is never right: such a trigger
    // was dropped meanwhile.
    private const string Query =
        """
        SELECT t.oid, t.tgname, t.tgrelid, c.relnamespace, c.relname, t.tgenabled,
            ARRAY(
                WITH RECURSIVE above(id) AS (
                    SELECT t.tgparentid
                    UNION ALL
                    SELECT a.tgparentid FROM above JOIN pg_catalog.pg_trigger a ON a.oid = above.id)
                SELECT id FROM above WHERE id <> 0),
            CASE WHEN t.tgparentid = 0 THEN pg_catalog.pg_get_triggerdef(t.oid, false) ELSE '' END
        FROM pg_catalog.pg_trigger t
        JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
        LEFT JOIN pg_catalog.pg_trigger p ON p.oid = t.tgparentid
        WHERE t.oid >= 16384
            AND ((NOT t.tgisinternal AND t.tgparentid = 0)
                OR (t.tgenabled <> p.tgenabled AND NOT EXISTS (
                    SELECT FROM pg_catalog.pg_constraint f WHERE f.oid = t.tgconstraint AND f.contype = 'f')))
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var triggers = await context.QueryAsync(
            Query,
            row => new Trigger(
                row.Oid(0),
                row.GetString(1),
                row.Oid(2),
                new QualifiedName(context.SchemaName(row.Oid(3)), row.GetString(4)),
                row.Char(5),
                row.GetFieldValue<uint[]>(6),
                row.GetString(7)),
            cancellationToken).ConfigureAwait(false);
        foreach (var trigger in triggers)
        {
            catalog.Add(ToObject(trigger));
        }
    }

    private static SchemaObject ToObject(Trigger trigger)
    {
        var name = SqlText.Identifier(trigger.Name);
        var table = trigger.Table.ToSql();
        var isInherited = trigger.Definition.Length == 0;
        var words = FiringState.Words(trigger.Enabled) ?? (isInherited ? "ENABLE" : null);
        var state = words is null ? "" : $"ALTER TABLE {table} {words} TRIGGER {name};\n";
        return new SchemaObject
        {
            Address = new ObjectAddress(SystemCatalog.Trigger, trigger.Oid),
            Kind = ObjectKinds.Trigger,
            Schema = trigger.Table.Schema,
            Name = trigger.Name,
            Table = trigger.Table.Name,
            BelongsTo = new ObjectAddress(SystemCatalog.Relation, trigger.Relation),
            DependsOn = [.. trigger.Ancestors.Select(ancestor => new ObjectAddress(SystemCatalog.Trigger, ancestor))],
            Create = () => isInherited ? state : $"{trigger.Definition};\n{state}",
            Drop = isInherited ? null : $"DROP TRIGGER IF EXISTS {name} ON {table};\n",
            Identity = isInherited ? null : $"TRIGGER {name} ON {table}",
        };
    }

    private sealed record Trigger(
        uint Oid, string Name, uint Relation, QualifiedName Table, char Enabled, uint[] Ancestors, string Definition);
}
