using Backup.Core.Postgres.Presets;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads extensions. What came with the server (plpgsql) is part of a new database; members are made by CREATE EXTENSION.</summary>
internal sealed class ExtensionsReader : ObjectKindReader
{
    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var extensions = await context.QueryAsync(
            $"""
            SELECT oid, extname, extnamespace, coalesce(extconfig, ARRAY[]::oid[]) FROM pg_catalog.pg_extension
            WHERE oid >= {SystemCatalog.FirstNormalObjectId} ORDER BY extname
            """,
            row => (Oid: row.Oid(0), Name: row.GetString(1), Schema: row.Oid(2), Configuration: row.GetFieldValue<uint[]>(3)),
            cancellationToken).ConfigureAwait(false);
        foreach (var (oid, name, schema, configuration) in extensions)
        {
            catalog.Configuration.UnionWith(configuration);
            var quoted = SqlText.Identifier(name);
            var schemaName = SqlText.Identifier(context.SchemaName(schema));
            var schemaAddress = new ObjectAddress(SystemCatalog.Namespace, schema);

            // An extension may bring its own schema; naming that one in CREATE EXTENSION would ask for it beforehand. So would naming
            // one that a platform's extension makes because its control file says so.
            var bringsSchema = catalog.IsExtensionMember(schemaAddress)
                || (catalog.IsManagedSchema(context.SchemaName(schema)) && context.SchemaName(schema) is not (SupabaseNames.Extensions or "pg_catalog"));
            catalog.Add(new SchemaObject
            {
                Address = new ObjectAddress(SystemCatalog.Extension, oid),
                Kind = ObjectKinds.Extension,
                Name = name,
                Create = () => $"CREATE EXTENSION IF NOT EXISTS {quoted}{(bringsSchema ? "" : $" WITH SCHEMA {schemaName}")};\n",
                Drop = $"DROP EXTENSION IF EXISTS {quoted};\n",
                Identity = $"EXTENSION {quoted}",
                Ignores = bringsSchema ? [schemaAddress] : [],
            });
        }
    }
}
