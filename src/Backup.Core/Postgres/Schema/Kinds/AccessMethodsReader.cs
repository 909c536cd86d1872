namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads access methods of tables and indexes.</summary>
internal sealed class AccessMethodsReader : ObjectKindReader
{
    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var methods = await context.QueryAsync(
            "SELECT oid, amname, amtype, amhandler::text FROM pg_catalog.pg_am WHERE oid >= 16384",
            row => (Oid: row.Oid(0), Name: row.GetString(1), IsIndex: row.Char(2) == 'i', Handler: row.GetString(3)),
            cancellationToken).ConfigureAwait(false);
        foreach (var (oid, name, isIndex, handler) in methods)
        {
            var sql = SqlText.Identifier(name);
            catalog.Add(new SchemaObject
            {
                Address = new ObjectAddress(SystemCatalog.AccessMethod, oid),
                Kind = ObjectKinds.AccessMethod,
                Name = name,
                Create = () => $"CREATE ACCESS METHOD {sql} TYPE {(isIndex ? "INDEX" : "TABLE")} HANDLER {handler};\n",
                Drop = $"DROP ACCESS METHOD IF EXISTS {sql};\n",
                Identity = $"ACCESS METHOD {sql}",
            });
        }
    }
}
