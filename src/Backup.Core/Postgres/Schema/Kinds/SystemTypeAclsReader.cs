namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads the types of <c>pg_catalog</c> whose privileges were changed: they come with the server, their privileges do not.</summary>
internal sealed class SystemTypeAclsReader : ObjectKindReader
{
    // A type that nothing was changed of has no list, which is cheap to see.
    private const string Query =
        """
        SELECT t.oid, t.typname, t.typowner, t.typacl::text[], pg_catalog.acldefault('T', t.typowner)::text[]
        FROM pg_catalog.pg_type t
        LEFT JOIN pg_catalog.pg_init_privs i ON i.classoid = 1247 AND i.objoid = t.oid AND i.objsubid = 0
        WHERE t.oid < 16384 AND t.typnamespace = 11 AND t.typacl IS DISTINCT FROM i.initprivs
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var types = await context.QueryAsync(
            Query,
            row => (
                Oid: row.Oid(0),
                Name: row.GetString(1),
                Owner: context.RoleName(row.Oid(2)),
                Acl: row.Texts(3),
                Default: row.Texts(4) ?? []),
            cancellationToken).ConfigureAwait(false);
        foreach (var type in types)
        {
            catalog.Add(new SchemaObject
            {
                Address = new ObjectAddress(SystemCatalog.Type, type.Oid),
                Kind = ObjectKinds.Type,
                Schema = "pg_catalog",
                Name = type.Name,
                Create = () => "",
                Acls =
                [
                    new ObjectAcl
                    {
                        Type = AclObjectType.Usage,
                        Target = $"TYPE pg_catalog.{SqlText.Identifier(type.Name)}",
                        Owner = type.Owner,
                        Items = type.Acl,
                        Default = type.Default,
                    },
                ],
            });
        }
    }
}
