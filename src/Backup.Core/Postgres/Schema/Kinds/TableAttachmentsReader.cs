namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads which table is a partition of which and for which values.</summary>
internal sealed class TableAttachmentsReader : ObjectKindReader
{
    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var bounds = await context.QueryAsync(
            """
            SELECT c.oid, pg_catalog.pg_get_expr(c.relpartbound, c.oid)
            FROM pg_catalog.pg_class c WHERE c.relispartition AND c.relkind IN ('r', 'p', 'f') ORDER BY c.oid
            """,
            row => (Oid: row.Oid(0), Bound: row.GetString(1)),
            cancellationToken).ConfigureAwait(false);
        foreach (var (oid, bound) in bounds)
        {
            // Without its parent a partition is a table like any other.
            if (catalog.Tables.GetValueOrDefault(oid) is not { Parents: [var parent, ..] } table || !IsDefined(parent, catalog))
            {
                continue;
            }

            catalog.Add(new SchemaObject
            {
                Address = ObjectAddress.Of(DerivedStep.Attachment, oid),
                Kind = ObjectKinds.TableAttachment,
                Schema = table.Name.Schema,
                Name = table.Name.Name,
                Table = table.Name.Name,
                BelongsTo = table.Address,
                DependsOn = [table.Address, parent.Address],
                Create = () => $"ALTER TABLE ONLY {parent.Name.ToSql()} ATTACH PARTITION {table.Name.ToSql()} {bound};\n",
            });
        }
    }

    private static bool IsDefined(TableDefinition table, SchemaCatalog catalog) =>
        catalog.Find(table.Address) is { } item && catalog.IsDefined(item);
}
