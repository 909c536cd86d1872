namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads conversions between encodings.</summary>
internal sealed class ConversionsReader : ObjectKindReader
{
    private const string Query =
        $"""
        SELECT c.oid, c.connamespace, c.conname, c.conowner, c.condefault, pg_catalog.pg_encoding_to_char(c.conforencoding)::text,
            pg_catalog.pg_encoding_to_char(c.contoencoding)::text, c.conproc::text
        FROM pg_catalog.pg_conversion c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace
        WHERE {ReadContext.UserSchema}
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var conversions = await context.QueryAsync(
            Query,
            row => (
                Oid: row.Oid(0),
                Name: new QualifiedName(context.SchemaName(row.Oid(1)), row.GetString(2)),
                Owner: context.RoleName(row.Oid(3)),
                Default: row.GetBoolean(4) ? "DEFAULT " : "",
                Source: SqlText.Literal(row.GetString(5)),
                Target: SqlText.Literal(row.GetString(6)),
                Function: row.GetString(7)),
            cancellationToken).ConfigureAwait(false);
        foreach (var item in conversions)
        {
            var sql = item.Name.ToSql();
            catalog.Add(new SchemaObject
            {
                Address = new ObjectAddress(SystemCatalog.Conversion, item.Oid),
                Kind = ObjectKinds.Conversion,
                Schema = item.Name.Schema,
                Name = item.Name.Name,
                Create = () => $"CREATE {item.Default}CONVERSION {sql} FOR {item.Source} TO {item.Target} FROM {item.Function};\n",
                Drop = $"DROP CONVERSION IF EXISTS {sql};\n",
                Identity = $"CONVERSION {sql}",
                Owner = item.Owner,
            });
        }
    }
}
