namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads the defaults and generation expressions of columns; CREATE TABLE carries them unless a cycle forbids it.</summary>
internal sealed class ColumnDefaultsReader : ObjectKindReader
{
    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var rows = await context.QueryAsync(
            $"""
            SELECT d.oid, d.adrelid, d.adnum, pg_catalog.pg_get_expr(d.adbin, d.adrelid)
            FROM pg_catalog.pg_attrdef d
            JOIN pg_catalog.pg_class c ON c.oid = d.adrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE {ReadContext.UserSchema}
            ORDER BY d.adrelid, d.adnum
            """,
            row => (Oid: row.Oid(0), Relation: row.Oid(1), Number: row.GetInt16(2), Expression: row.GetString(3)),
            cancellationToken).ConfigureAwait(false);
        foreach (var (oid, relation, number, expression) in rows)
        {
            var column = catalog.Columns.Of(relation).FirstOrDefault(column => column.Number == number);
            if (column is not null && catalog.Find(new ObjectAddress(SystemCatalog.Relation, relation)) is { } owner)
            {
                var table = catalog.Tables.GetValueOrDefault(relation);
                var item = ToObject(oid, owner, column, table, expression);
                catalog.Add(item);
                table?.Defaults.Add(number, new InlinePart(item.Container is null ? null : item, expression));
            }
        }
    }

    private static SchemaObject ToObject(
        uint oid, SchemaObject owner, ColumnDefinition column, TableDefinition? table, string expression)
    {
        var qualified = new QualifiedName(owner.Schema!, owner.Name).ToSql();
        var isGenerated = column.Generated != '\0';
        return new SchemaObject
        {
            Address = new ObjectAddress(SystemCatalog.ColumnDefault, oid),
            Kind = isGenerated ? ObjectKinds.GenerationExpression : ObjectKinds.ColumnDefault,
            Schema = owner.Schema,
            Name = column.Name,
            Table = owner.Name,
            BelongsTo = owner.Address,

            // A view's default, or that of a column that is inherited only, has no place in CREATE.
            Container = table is not null && (isGenerated || table.Lists(column)) ? owner : null,
            Create = () => $"ALTER TABLE ONLY {qualified} ALTER COLUMN {SqlText.Identifier(column.Name)} SET DEFAULT {expression};\n",
            Drop = $"ALTER TABLE IF EXISTS {qualified} ALTER COLUMN {SqlText.Identifier(column.Name)} DROP DEFAULT;\n",
        };
    }
}
