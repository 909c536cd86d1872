namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>
/// Reads schemas. The schema public is part of a new database, so only what differs from that is written; of <c>pg_catalog</c> that are
/// changed privileges.
/// </summary>
internal sealed class SchemasReader : ObjectKindReader
{
    private const string Public = "public";
    private const string Server = "pg_catalog";
    private const string PublicComment = "standard public schema";

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var schemas = await context.QueryAsync(
            $"""
            SELECT n.oid, n.nspname, n.nspowner, n.nspacl::text[], acldefault('n', n.nspowner)::text[]
            FROM pg_catalog.pg_namespace n
            LEFT JOIN pg_catalog.pg_init_privs i ON i.classoid = 2615 AND i.objoid = n.oid
            WHERE ({ReadContext.UserSchema}) OR (n.nspname = '{Server}' AND n.nspacl IS DISTINCT FROM i.initprivs)
            ORDER BY n.nspname
            """,
            row => (Oid: row.Oid(0), Name: row.GetString(1), Owner: row.Oid(2), Acl: row.Texts(3), Default: row.Texts(4) ?? []),
            cancellationToken).ConfigureAwait(false);
        foreach (var (oid, name, owner, acl, standard) in schemas)
        {
            var address = new ObjectAddress(SystemCatalog.Namespace, oid);
            var privileges = new ObjectAcl
            {
                Type = AclObjectType.Schema,
                Target = $"SCHEMA {SqlText.Identifier(name)}",
                Owner = context.RoleName(owner),
                Items = acl,
                Default = standard,
                Initial = name == Public ? [.. standard, PublicUsage(standard[0])] : null,
            };
            catalog.Add(name == Server
                ? new SchemaObject { Address = address, Kind = ObjectKinds.Schema, Name = name, Create = () => "", Acls = [privileges] }
                : ToObject(address, name, privileges, catalog.Shared.Comments.GetValueOrDefault(address)));
        }
    }

    private static SchemaObject ToObject(ObjectAddress address, string name, ObjectAcl privileges, string? comment)
    {
        var identity = privileges.Target;
        var isPublic = name == Public;
        var isStandard = isPublic && comment == PublicComment;
        var hasStandardOwner = isPublic && privileges.Owner == "pg_database_owner";
        return new SchemaObject
        {
            Address = address,
            Kind = ObjectKinds.Schema,
            Name = name,
            Create = () => !isPublic ? $"CREATE {identity};\n" : comment is null ? $"COMMENT ON {identity} IS NULL;\n" : "",
            Drop = isPublic ? null : $"DROP SCHEMA IF EXISTS {SqlText.Identifier(name)};\n",
            Identity = isStandard ? null : identity,
            Owner = hasStandardOwner ? null : privileges.Owner,
            OwnerIdentity = identity,
            Acls = [privileges],
        };
    }

    // From the owner's own item, "role=UC/role": PUBLIC may use the schema, granted by the owner.
    private static string PublicUsage(string ownerItem) => $"=U/{ownerItem[((ownerItem.Length + 4) / 2)..]}";
}
