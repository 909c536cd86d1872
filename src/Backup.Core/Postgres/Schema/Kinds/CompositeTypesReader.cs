namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads the composite types that stand alone (a table's row type comes with its table).</summary>
internal sealed class CompositeTypesReader : ObjectKindReader
{
    private const string Query =
        $"""
        SELECT {TypeRow.Columns}, t.typrelid
        FROM {TypeRow.Source}
        JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
        WHERE t.typtype = 'c' AND c.relkind = 'c'
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var types = await context.QueryAsync(
            Query,
            row => (Type: TypeRow.Read(context, row), Relation: row.Oid(TypeRow.Next)),
            cancellationToken).ConfigureAwait(false);
        foreach (var (type, relation) in types)
        {
            var attributes = catalog.Columns.Of(relation).ToList();

            // The catalogs keep an attribute's comment with the relation behind the type.
            var address = new ObjectAddress(SystemCatalog.Relation, relation);
            var parts = catalog.Columns.PartsOf(relation, type.Sql).Select(part => part with { Owner = address });
            catalog.Add(type.ToObject(ObjectKinds.Type, () => Create(type, attributes), [.. parts]));
        }
    }

    private static string Create(TypeRow type, List<ColumnDefinition> attributes)
    {
        var list = string.Join(",", attributes.Select(attribute =>
            $"\n    {SqlText.Identifier(attribute.Name)} {attribute.Type}"
            + (attribute.Collation is null ? "" : $" COLLATE {attribute.Collation}")));
        return $"CREATE TYPE {type.Sql} AS ({list}\n);\n";
    }
}
