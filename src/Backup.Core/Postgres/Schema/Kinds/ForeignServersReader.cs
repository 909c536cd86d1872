using Backup.Core.Errors;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads foreign data wrappers, their servers and the user mappings.</summary>
/// <remarks>A user mapping's options may hold a password; they are part of the schema, as in every dump.</remarks>
internal sealed class ForeignServersReader : ObjectKindReader
{
    private const string WrapperQuery =
        """
        SELECT w.oid, w.fdwname, w.fdwowner, CASE WHEN w.fdwhandler <> 0 THEN w.fdwhandler::regproc::text END,
            CASE WHEN w.fdwvalidator <> 0 THEN w.fdwvalidator::regproc::text END, w.fdwoptions,
            w.fdwacl::text[], pg_catalog.acldefault('F', w.fdwowner)::text[]
        FROM pg_catalog.pg_foreign_data_wrapper w
        WHERE w.oid >= 16384
        """;

    private const string ServerQuery =
        """
        SELECT s.oid, s.srvname, s.srvowner, w.fdwname, s.srvtype, s.srvversion, s.srvoptions,
            s.srvacl::text[], pg_catalog.acldefault('S', s.srvowner)::text[]
        FROM pg_catalog.pg_foreign_server s
        JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
        WHERE s.oid >= 16384
        """;

    // The view shows the options to whom they concern; the table itself only to superusers. To others it gives NULL, which
    // is also what a mapping without options has: the last column, the view's own condition, tells the two apart.
    private const string MappingQuery =
        """
        SELECT m.umid, m.usename, m.srvid, m.srvname, m.umoptions, m.umuser,
            current_setting('is_superuser') = 'on'
            OR (pg_catalog.pg_has_role(s.srvowner, 'USAGE') AND (m.umuser = 0 OR m.usename = current_user))
            OR (m.usename = current_user AND m.umuser <> 0 AND pg_catalog.has_server_privilege(s.oid, 'USAGE'))
        FROM pg_catalog.pg_user_mappings m
        JOIN pg_catalog.pg_foreign_server s ON s.oid = m.srvid
        WHERE m.umid >= 16384
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        await ReadWrappersAsync(context, catalog, cancellationToken).ConfigureAwait(false);
        await ReadServersAsync(context, catalog, cancellationToken).ConfigureAwait(false);
        await ReadMappingsAsync(context, catalog, cancellationToken).ConfigureAwait(false);
    }

    private static async Task ReadWrappersAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var wrappers = await context.QueryAsync(
            WrapperQuery,
            row => (
                Address: new ObjectAddress(SystemCatalog.ForeignDataWrapper, row.Oid(0)),
                Name: row.GetString(1),
                Owner: context.RoleName(row.Oid(2)),
                Handler: row.Text(3) is { } handler ? $" HANDLER {handler}" : "",
                Validator: row.Text(4) is { } validator ? $" VALIDATOR {validator}" : "",
                Options: ForeignOptions.Clause(row.Texts(5)),
                Acl: row.Texts(6),
                Default: row.Texts(7) ?? []),
            cancellationToken).ConfigureAwait(false);
        foreach (var item in wrappers)
        {
            var sql = SqlText.Identifier(item.Name);
            var create = $"CREATE FOREIGN DATA WRAPPER {sql}{item.Handler}{item.Validator}{item.Options};\n";
            catalog.Add(ToObject(item.Address, ObjectKinds.ForeignDataWrapper, item.Name, item.Owner, create, new ObjectAcl
            {
                Type = AclObjectType.Usage,
                Target = $"FOREIGN DATA WRAPPER {sql}",
                Owner = item.Owner,
                Items = item.Acl,
                Default = item.Default,
            }));
        }
    }

    private static async Task ReadServersAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var servers = await context.QueryAsync(
            ServerQuery,
            row => (
                Address: new ObjectAddress(SystemCatalog.ForeignServer, row.Oid(0)),
                Name: row.GetString(1),
                Owner: context.RoleName(row.Oid(2)),
                Wrapper: SqlText.Identifier(row.GetString(3)),
                Type: row.Text(4) is { } type ? $" TYPE {SqlText.Literal(type)}" : "",
                Version: row.Text(5) is { } version ? $" VERSION {SqlText.Literal(version)}" : "",
                Options: ForeignOptions.Clause(row.Texts(6)),
                Acl: row.Texts(7),
                Default: row.Texts(8) ?? []),
            cancellationToken).ConfigureAwait(false);
        foreach (var item in servers)
        {
            var sql = SqlText.Identifier(item.Name);
            var create = $"CREATE SERVER {sql}{item.Type}{item.Version} FOREIGN DATA WRAPPER {item.Wrapper}{item.Options};\n";
            catalog.Add(ToObject(item.Address, ObjectKinds.ForeignServer, item.Name, item.Owner, create, new ObjectAcl
            {
                Type = AclObjectType.Usage,
                Target = $"FOREIGN SERVER {sql}",
                Owner = item.Owner,
                Items = item.Acl,
                Default = item.Default,
            }));
        }
    }

    private static async Task ReadMappingsAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var mappings = await context.QueryAsync(
            MappingQuery,
            row => (
                Oid: row.Oid(0),
                User: row.Oid(5) == 0 ? null : row.GetString(1),
                Server: row.Oid(2),
                ServerName: row.GetString(3),
                Options: ForeignOptions.Clause(row.Texts(4)),
                IsVisible: row.GetBoolean(6)),
            cancellationToken).ConfigureAwait(false);
        foreach (var item in mappings)
        {
            var user = item.User is null ? "PUBLIC" : SqlText.Identifier(item.User);
            var name = $"FOR {user} SERVER {SqlText.Identifier(item.ServerName)}";
            var mapping = new SchemaObject
            {
                Address = new ObjectAddress(SystemCatalog.UserMapping, item.Oid),
                Kind = ObjectKinds.UserMapping,
                Name = name,
                DependsOn = [new ObjectAddress(SystemCatalog.ForeignServer, item.Server)],
                Create = () => $"CREATE USER MAPPING {name}{item.Options};\n",
                Roles = item.User is null ? [] : [item.User],
                Drop = $"DROP USER MAPPING IF EXISTS {name};\n",
            };
            if (!item.IsVisible && catalog.IsDefined(mapping))
            {
                throw new DatabaseException($"The options of the user mapping {name} are hidden from this role.")
                {
                    Subject = $"USER MAPPING {name}",
                    Stage = "Schema",
                    Category = ErrorCategory.Rights,
                    Hint = "Back up as a superuser, or select the schemas to take: user mappings come only with the whole database.",
                };
            }

            catalog.Add(mapping);
        }
    }

    private static SchemaObject ToObject(
        ObjectAddress address, ObjectKind kind, string name, string owner, string create, ObjectAcl acl) => new()
        {
            Address = address,
            Kind = kind,
            Name = name,
            Create = () => create,
            Drop = $"DROP {kind.Name} IF EXISTS {SqlText.Identifier(name)};\n",
            Identity = $"{kind.Name} {SqlText.Identifier(name)}",
            Owner = owner,
            Acls = [acl],
        };
}
