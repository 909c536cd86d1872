using Npgsql;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads operators. One that is only named as another one's commutator or negator is no operator yet and is left out.</summary>
internal sealed class OperatorsReader : ObjectKindReader
{
    private const string Query =
        $"""
        SELECT o.oid, o.oprnamespace, o.oprname, o.oprowner,
            CASE WHEN o.oprleft <> 0 THEN pg_catalog.format_type(o.oprleft, NULL) END,
            CASE WHEN o.oprright <> 0 THEN pg_catalog.format_type(o.oprright, NULL) END,
            o.oprcode::text, c.oprnamespace, c.oprname, g.oprnamespace, g.oprname,
            CASE WHEN o.oprrest <> 0 THEN o.oprrest::text END, CASE WHEN o.oprjoin <> 0 THEN o.oprjoin::text END,
            o.oprcanhash, o.oprcanmerge
        FROM pg_catalog.pg_operator o
        JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
        LEFT JOIN pg_catalog.pg_operator c ON c.oid = o.oprcom
        LEFT JOIN pg_catalog.pg_operator g ON g.oid = o.oprnegate
        WHERE o.oprcode <> 0 AND {ReadContext.UserSchema}
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var operators = await context.QueryAsync(Query, row => ToObject(context, row), cancellationToken).ConfigureAwait(false);
        foreach (var item in operators)
        {
            catalog.Add(item);
        }
    }

    private static SchemaObject ToObject(ReadContext context, NpgsqlDataReader row)
    {
        var schema = context.SchemaName(row.Oid(1));
        var name = row.GetString(2);
        var sql = $"{SqlText.Identifier(schema)}.{name}";
        var signature = $"{sql} ({row.Text(4) ?? "NONE"}, {row.Text(5) ?? "NONE"})";
        List<string?> properties =
        [
            $"FUNCTION = {row.GetString(6)}",
            Value("LEFTARG", row.Text(4)),
            Value("RIGHTARG", row.Text(5)),
            Value("COMMUTATOR", Other(context, row, 7)),
            Value("NEGATOR", Other(context, row, 9)),
            Value("RESTRICT", row.Text(11)),
            Value("JOIN", row.Text(12)),
            row.GetBoolean(13) ? "HASHES" : null,
            row.GetBoolean(14) ? "MERGES" : null,
        ];
        var create = $"CREATE OPERATOR {sql} (\n    {string.Join(",\n    ", properties.OfType<string>())}\n);\n";
        return new SchemaObject
        {
            Address = new ObjectAddress(SystemCatalog.Operator, row.Oid(0)),
            Kind = ObjectKinds.Operator,
            Schema = schema,
            Name = name,
            SortText = signature,
            Create = () => create,
            Drop = $"DROP OPERATOR IF EXISTS {signature};\n",
            Identity = $"OPERATOR {signature}",
            Owner = context.RoleName(row.Oid(3)),
        };
    }

    private static string? Other(ReadContext context, NpgsqlDataReader row, int column) => row.IsDBNull(column)
        ? null
        : $"OPERATOR({SqlText.Identifier(context.SchemaName(row.Oid(column)))}.{row.GetString(column + 1)})";

    private static string? Value(string word, string? value) => value is null ? null : $"{word} = {value}";
}
