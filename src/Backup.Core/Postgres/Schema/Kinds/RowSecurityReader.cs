namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads for which tables row security is on; its policies are objects of their own.</summary>
internal sealed class RowSecurityReader : ObjectKindReader
{
    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var secured = await context.QueryAsync(
            "SELECT oid FROM pg_catalog.pg_class WHERE relrowsecurity AND relkind IN ('r', 'p') ORDER BY oid",
            row => row.Oid(0),
            cancellationToken).ConfigureAwait(false);
        foreach (var table in secured.Where(catalog.Tables.ContainsKey).Select(oid => catalog.Tables[oid]))
        {
            catalog.Add(new SchemaObject
            {
                Address = ObjectAddress.Of(DerivedStep.RowSecurity, table.Oid),
                Kind = ObjectKinds.RowSecurity,
                Schema = table.Name.Schema,
                Name = table.Name.Name,
                Table = table.Name.Name,
                BelongsTo = table.Address,
                DependsOn = [table.Address],
                Create = () => $"ALTER TABLE {table.Name.ToSql()} ENABLE ROW LEVEL SECURITY;\n",
                Drop = $"ALTER TABLE IF EXISTS {table.Name.ToSql()} DISABLE ROW LEVEL SECURITY;\n",
            });
        }
    }
}
