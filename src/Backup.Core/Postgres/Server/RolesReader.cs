using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;
using Npgsql;

namespace Backup.Core.Postgres.Server;

/// <summary>Reads all roles of a server from catalogs that everybody may read.</summary>
internal static class RolesReader
{
    // pg_roles shows all of pg_authid but passwords. Names that begin with pg_ are the server's own.
    private const string RolesQuery =
        """
        SELECT r.rolname::text, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication, r.rolbypassrls,
            r.rolconnlimit, r.rolvaliduntil::text, pg_catalog.shobj_description(r.oid, 'pg_authid'), r.rolconfig,
            ARRAY(SELECT l.provider FROM pg_catalog.pg_shseclabel l
                WHERE l.classoid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND l.objoid = r.oid ORDER BY l.provider COLLATE "C"),
            ARRAY(SELECT l.label FROM pg_catalog.pg_shseclabel l
                WHERE l.classoid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND l.objoid = r.oid ORDER BY l.provider COLLATE "C")
        FROM pg_catalog.pg_roles r
        WHERE r.rolname !~ '^pg_' ORDER BY r.rolname COLLATE "C"
        """;

    // 10 is the role that initdb makes, whose rights to its own parameters go without saying.
    private const string ParametersQuery =
        """
        SELECT p.parname, i.item FROM pg_catalog.pg_parameter_acl p
        CROSS JOIN pg_catalog.unnest(p.paracl::text[]) WITH ORDINALITY AS i(item, place)
        WHERE i.item <> ALL (pg_catalog.acldefault('p', 10)::text[]) ORDER BY p.parname COLLATE "C", i.place
        """;

    // The first major version in which a membership has options of its own.
    private const int MembershipOptionsVersion = 16;

    /// <summary>Reads them.</summary>
    /// <exception cref="DatabaseException">The server refused a query.</exception>
    public static async Task<RoleList> ReadAsync(ReadContext context, int majorVersion, CancellationToken cancellationToken)
    {
        var roles = await context.QueryAsync(RolesQuery, ReadRole, cancellationToken).ConfigureAwait(false);
        var memberships = await context.QueryAsync(MembershipsQuery(majorVersion), ReadMembership, cancellationToken).ConfigureAwait(false);
        return new RoleList
        {
            Version = RoleList.CurrentVersion,
            Roles = roles,
            Memberships = MembershipOrder.Sort(memberships),
            Parameters = majorVersion >= ParameterPrivilege.MinMajorVersion
                ? await context.QueryAsync(
                    ParametersQuery,
                    row => new ParameterPrivilege { Parameter = row.GetString(0), Privilege = row.GetString(1) },
                    cancellationToken).ConfigureAwait(false)
                : [],
        };
    }

    // 10 is the role that initdb makes, which needs no right of its own to grant.
    private static string MembershipsQuery(int majorVersion)
    {
        var hasOptions = majorVersion >= MembershipOptionsVersion;
        var inherit = hasOptions ? "CASE WHEN a.inherit_option <> m.rolinherit THEN a.inherit_option END" : "NULL::boolean";
        var set = hasOptions ? "a.set_option" : "true";
        return $"""
            SELECT r.rolname::text, m.rolname::text, CASE WHEN a.grantor <> 10 THEN g.rolname::text END, a.admin_option, {inherit}, {set}
            FROM pg_catalog.pg_auth_members a
            JOIN pg_catalog.pg_roles r ON r.oid = a.roleid
            JOIN pg_catalog.pg_roles m ON m.oid = a.member
            LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantor
            WHERE NOT (r.rolname ~ '^pg_' AND m.rolname ~ '^pg_')
            ORDER BY r.rolname COLLATE "C", m.rolname COLLATE "C", 3
            """;
    }

    private static RoleDefinition ReadRole(NpgsqlDataReader row) => new()
    {
        Name = row.GetString(0),
        Superuser = row.GetBoolean(1),
        Inherit = row.GetBoolean(2),
        CreateRole = row.GetBoolean(3),
        CreateDatabase = row.GetBoolean(4),
        Login = row.GetBoolean(5),
        Replication = row.GetBoolean(6),
        BypassRowSecurity = row.GetBoolean(7),
        ConnectionLimit = row.GetInt32(8),
        ValidUntil = row.Text(9),
        Comment = row.Text(10),
        Settings = [.. (row.Texts(11) ?? []).Select(ServerSetting.Parse)],
        Labels = [.. (row.Texts(12) ?? []).Zip(row.Texts(13) ?? [], (provider, label) => new ServerLabel { Provider = provider, Label = label })],
    };

    private static RoleMembership ReadMembership(NpgsqlDataReader row) => new()
    {
        Role = row.GetString(0),
        Member = row.GetString(1),
        Grantor = row.Text(2),
        Admin = row.GetBoolean(3),
        Inherit = row.IsDBNull(4) ? null : row.GetBoolean(4),
        Set = row.GetBoolean(5),
    };
}
