namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads transforms between a type and a procedural language.</summary>
internal sealed class TransformsReader : ObjectKindReader
{
    private const string Query =
        """
        SELECT t.oid, pg_catalog.format_type(t.trftype, NULL), l.lanname,
            CASE WHEN t.trffromsql <> 0 THEN t.trffromsql::regprocedure::text END,
            CASE WHEN t.trftosql <> 0 THEN t.trftosql::regprocedure::text END
        FROM pg_catalog.pg_transform t
        JOIN pg_catalog.pg_language l ON l.oid = t.trflang
        WHERE t.oid >= 16384
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var transforms = await context.QueryAsync(
            Query,
            row => (
                Oid: row.Oid(0),
                Name: $"FOR {row.GetString(1)} LANGUAGE {SqlText.Identifier(row.GetString(2))}",
                FromSql: row.Text(3),
                ToSql: row.Text(4)),
            cancellationToken).ConfigureAwait(false);
        foreach (var (oid, name, fromSql, toSql) in transforms)
        {
            string?[] functions =
            [
                fromSql is null ? null : $"FROM SQL WITH FUNCTION {fromSql}",
                toSql is null ? null : $"TO SQL WITH FUNCTION {toSql}",
            ];
            catalog.Add(new SchemaObject
            {
                Address = new ObjectAddress(SystemCatalog.Transform, oid),
                Kind = ObjectKinds.Transform,
                Name = name,
                Create = () => $"CREATE TRANSFORM {name} ({string.Join(", ", functions.OfType<string>())});\n",
                Drop = $"DROP TRANSFORM IF EXISTS {name};\n",
                Identity = $"TRANSFORM {name}",
            });
        }
    }
}
