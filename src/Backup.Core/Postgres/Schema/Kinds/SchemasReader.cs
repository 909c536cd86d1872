namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads schemas. The schema public is part of a new database, so only what differs from that is written.</summary>
internal sealed class SchemasReader : ObjectKindReader
{
    private const string Public = "public";
    private const string PublicComment = "standard public schema";

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var schemas = await context.QueryAsync(
            $"""
            SELECT n.oid, n.nspname, n.nspowner, n.nspacl::text[], acldefault('n', n.nspowner)::text[]
            FROM pg_catalog.pg_namespace n WHERE {ReadContext.UserSchema} ORDER BY n.nspname
            """,
            row => (Oid: row.Oid(0), Name: row.GetString(1), Owner: row.Oid(2), Acl: row.Texts(3), Default: row.Texts(4) ?? []),
            cancellationToken).ConfigureAwait(false);
        foreach (var (oid, name, owner, acl, standard) in schemas)
        {
            var address = new ObjectAddress(SystemCatalog.Namespace, oid);
            var identity = $"SCHEMA {SqlText.Identifier(name)}";
            var isPublic = name == Public;
            var comment = catalog.Shared.Comments.GetValueOrDefault(address);
            var isStandard = isPublic && comment == PublicComment;
            var hasStandardOwner = isPublic && context.RoleName(owner) == "pg_database_owner";
            catalog.Add(new SchemaObject
            {
                Address = address,
                Kind = ObjectKinds.Schema,
                Name = name,
                Create = () => !isPublic ? $"CREATE {identity};\n" : comment is null ? $"COMMENT ON {identity} IS NULL;\n" : "",
                Drop = isPublic ? null : $"DROP SCHEMA IF EXISTS {SqlText.Identifier(name)};\n",
                Identity = isStandard ? null : identity,
                Owner = hasStandardOwner ? null : context.RoleName(owner),
                OwnerIdentity = identity,
                Acls =
                [
                    new ObjectAcl
                    {
                        Type = AclObjectType.Schema,
                        Target = identity,
                        Owner = context.RoleName(owner),
                        Items = acl,
                        Default = standard,
                        Initial = isPublic ? [.. standard, PublicUsage(standard[0])] : null,
                    },
                ],
            });
        }
    }

    // From the owner's own item, "role=UC/role": PUBLIC may use the schema, granted by the owner.
    private static string PublicUsage(string ownerItem) => $"=U/{ownerItem[((ownerItem.Length + 4) / 2)..]}";
}
