namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads the defaults and generation expressions of columns; CREATE TABLE carries them unless a cycle forbids it.</summary>
internal sealed class ColumnDefaultsReader : ObjectKindReader
{
    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        // Only a generation expression names columns; to look a relation's up costs the server more than all the rest.
        var rows = await context.QueryAsync(
            $"""
            SELECT d.oid, d.adrelid, d.adnum,
                pg_catalog.pg_get_expr(d.adbin, CASE WHEN a.attgenerated = '' THEN 0::pg_catalog.oid ELSE d.adrelid END)
            FROM pg_catalog.pg_attrdef d
            JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
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

                // A view's default, or that of a column that is inherited only, has no place in CREATE.
                var isPart = table is not null && (column.Generated != '\0' || table.Lists(column));
                var item = isPart && catalog.Shared.IsPlain(new ObjectAddress(SystemCatalog.ColumnDefault, oid))
                    ? null
                    : ToObject(oid, owner, column, isPart ? owner : null, expression);
                if (item is not null)
                {
                    catalog.Add(item);
                }

                table?.Defaults.Add(number, new InlinePart(isPart ? item : null, expression));
            }
        }
    }

    private static SchemaObject ToObject(
        uint oid, SchemaObject owner, ColumnDefinition column, SchemaObject? container, string expression)
    {
        var qualified = new QualifiedName(owner.Schema!, owner.Name).ToSql();
        return new SchemaObject
        {
            Address = new ObjectAddress(SystemCatalog.ColumnDefault, oid),
            Kind = column.Generated != '\0' ? ObjectKinds.GenerationExpression : ObjectKinds.ColumnDefault,
            Schema = owner.Schema,
            Name = column.Name,
            Table = owner.Name,
            BelongsTo = owner.Address,
            Container = container,
            Create = () => $"ALTER TABLE ONLY {qualified} ALTER COLUMN {SqlText.Identifier(column.Name)} SET DEFAULT {expression};\n",
            Drop = $"ALTER TABLE IF EXISTS {qualified} ALTER COLUMN {SqlText.Identifier(column.Name)} DROP DEFAULT;\n",
        };
    }
}
