namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads enum types with their labels in order.</summary>
internal sealed class EnumTypesReader : ObjectKindReader
{
    private const string Query =
        $"""
        SELECT {TypeRow.Columns},
            ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)
        FROM {TypeRow.Source}
        WHERE t.typtype = 'e'
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var types = await context.QueryAsync(
            Query,
            row => (Type: TypeRow.Read(context, row), Labels: row.Texts(TypeRow.Next) ?? []),
            cancellationToken).ConfigureAwait(false);
        foreach (var (type, labels) in types)
        {
            catalog.Add(type.ToObject(ObjectKinds.Type, () => Create(type, labels)));
        }
    }

    private static string Create(TypeRow type, string[] labels)
    {
        var list = string.Join(",", labels.Select(label => $"\n    {SqlText.Literal(label)}"));
        return $"CREATE TYPE {type.Sql} AS ENUM ({list}\n);\n";
    }
}
