using System.Globalization;
using System.Text;

namespace Backup.Core.Postgres.Server;

/// <summary>Writes the statements that make roles. None removes or changes what there is.</summary>
internal static class RoleScript
{
    // The first major version in which a membership has options of its own beside ADMIN.
    private const int MembershipOptionsVersion = 16;

    /// <summary>The statements that make a role: the first one creates it, with all its attributes.</summary>
    public static IReadOnlyList<ServerStatement> Create(RoleDefinition role) =>
    [
        new ServerStatement(ServerKinds.Role, role.Name, CreateStatement(role, [.. PlainAttributes(role), .. GuardedAttributes(role)])),
        .. Describe(role),
    ];

    /// <summary>
    /// The statements that make as much of a role as possible, each of which may fail by itself but for the first: attributes that not everyone may
    /// give come after it.
    /// </summary>
    public static IReadOnlyList<ServerStatement> CreateStepwise(RoleDefinition role) =>
    [
        new ServerStatement(ServerKinds.Role, role.Name, CreateStatement(role, [.. PlainAttributes(role)])),
        .. GuardedAttributes(role).Select(attribute => new ServerStatement(
            ServerKinds.RoleAttribute,
            $"{attribute} of {role.Name}",
            $"ALTER ROLE {SqlText.Identifier(role.Name)} WITH {attribute};\n")),
        .. Describe(role),
    ];

    /// <summary>The statement that makes a membership.</summary>
    /// <param name="membership">The membership.</param>
    /// <param name="majorVersion">The major version of the server that it is for.</param>
    /// <param name="namesGrantor">Whether the grantor is kept.</param>
    public static ServerStatement Grant(RoleMembership membership, int majorVersion, bool namesGrantor)
    {
        // As little as says it, so that servers of any version take what they can.
        var options = new List<string>();
        if (membership.Admin)
        {
            options.Add("ADMIN OPTION");
        }

        if (majorVersion >= MembershipOptionsVersion)
        {
            if (membership.Inherit is { } inherit)
            {
                options.Add(inherit ? "INHERIT TRUE" : "INHERIT FALSE");
            }

            if (!membership.Set)
            {
                options.Add("SET FALSE");
            }
        }

        var with = options.Count == 0 ? "" : $" WITH {string.Join(", ", options)}";
        var grantedBy = namesGrantor && membership.Grantor is { } grantor ? $" GRANTED BY {SqlText.Identifier(grantor)}" : "";
        return new ServerStatement(
            ServerKinds.RoleMembership,
            $"{membership.Member} in {membership.Role}",
            $"GRANT {SqlText.Identifier(membership.Role)} TO {SqlText.Identifier(membership.Member)}{with}{grantedBy};\n");
    }

    /// <summary>Whether a membership says more than a server of that major version can keep.</summary>
    public static bool LosesOptions(RoleMembership membership, int majorVersion) =>
        majorVersion < MembershipOptionsVersion && (membership.Inherit is not null || !membership.Set);

    /// <summary>Writes a script for psql that makes what is missing and leaves all else as it is.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="list">The roles.</param>
    /// <param name="majorVersion">The major version of the source.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    public static async Task WriteAsync(Stream destination, RoleList list, int majorVersion, CancellationToken cancellationToken)
    {
        var writer = new StreamWriter(destination, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true)
        {
            NewLine = "\n",
        };
        await using var disposal = writer.ConfigureAwait(false);
        await writer.WriteAsync(Head.AsMemory(), cancellationToken).ConfigureAwait(false);
        foreach (var role in list.Roles)
        {
            var missing = $"NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = {SqlText.Literal(role.Name)})";
            var statements = string.Concat(Create(role).Select(statement => statement.Sql));
            await writer.WriteAsync(Block(missing, statements).AsMemory(), cancellationToken).ConfigureAwait(false);
        }

        foreach (var membership in list.Memberships)
        {
            await writer.WriteAsync(Block(Missing(membership), GrantAnyway(membership, majorVersion)).AsMemory(), cancellationToken)
                .ConfigureAwait(false);
        }

        foreach (var parameter in list.Parameters)
        {
            await writer.WriteAsync($"\n{parameter.ToStatement(majorVersion).Sql}".AsMemory(), cancellationToken).ConfigureAwait(false);
        }

        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private const string Head =
        """
        -- The roles of the server, without passwords. A role that exists is left as it is; memberships that are missing are granted.
        -- Run it with psql in any database of the target, before pre-data.sql.
        SET client_encoding = 'UTF8';
        SET standard_conforming_strings = on;
        SET client_min_messages = warning;

        """;

    private static string CreateStatement(RoleDefinition role, IReadOnlyList<string> attributes) =>
        $"CREATE ROLE {SqlText.Identifier(role.Name)}{(attributes.Count == 0 ? "" : $" WITH {string.Join(' ', attributes)}")};\n";

    // Only what differs from what a new role has.
    private static IEnumerable<string> PlainAttributes(RoleDefinition role)
    {
        if (!role.Inherit)
        {
            yield return "NOINHERIT";
        }

        if (role.Login)
        {
            yield return "LOGIN";
        }

        if (role.ConnectionLimit != -1)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"CONNECTION LIMIT {role.ConnectionLimit}");
        }

        if (role.ValidUntil is { } until)
        {
            yield return $"VALID UNTIL {SqlText.Literal(until)}";
        }
    }

    // What nobody may give who has not got it himself, in one version or another.
    private static IEnumerable<string> GuardedAttributes(RoleDefinition role) => new[]
    {
        (Is: role.Superuser, Word: "SUPERUSER"),
        (Is: role.CreateRole, Word: "CREATEROLE"),
        (Is: role.CreateDatabase, Word: "CREATEDB"),
        (Is: role.Replication, Word: "REPLICATION"),
        (Is: role.BypassRowSecurity, Word: "BYPASSRLS"),
    }.Where(attribute => attribute.Is).Select(attribute => attribute.Word);

    /// <summary>The statements that give a role its settings.</summary>
    public static IEnumerable<ServerStatement> Settings(RoleDefinition role) => role.Settings.Select(setting => new ServerStatement(
        ServerKinds.RoleSetting, $"{setting.Name} of {role.Name}", $"ALTER ROLE {SqlText.Identifier(role.Name)} {setting.ToSql()};\n"));

    private static IEnumerable<ServerStatement> Describe(RoleDefinition role)
    {
        var name = SqlText.Identifier(role.Name);
        foreach (var setting in Settings(role))
        {
            yield return setting;
        }

        if (role.Comment is { } comment)
        {
            yield return new ServerStatement(ServerKinds.RoleComment, role.Name, $"COMMENT ON ROLE {name} IS {SqlText.Literal(comment)};\n");
        }

        foreach (var label in role.Labels)
        {
            yield return new ServerStatement(
                ServerKinds.RoleLabel,
                $"{label.Provider} of {role.Name}",
                $"SECURITY LABEL FOR {SqlText.Identifier(label.Provider)} ON ROLE {name} IS {SqlText.Literal(label.Label)};\n");
        }
    }

    private static string Missing(RoleMembership membership)
    {
        var grantor = membership.Grantor is { } name
            ? $" AND m.grantor = (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = {SqlText.Literal(name)})"
            : "";
        return $"""
            NOT EXISTS (SELECT FROM pg_catalog.pg_auth_members m
                WHERE m.roleid = (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = {SqlText.Literal(membership.Role)})
                AND m.member = (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = {SqlText.Literal(membership.Member)}){grantor})
            """;
    }

    // A grantor that may not grant it at the target must not cost the membership.
    private static string GrantAnyway(RoleMembership membership, int majorVersion)
    {
        var exact = Grant(membership, majorVersion, namesGrantor: true).Sql;
        return membership.Grantor is null
            ? exact
            : $"BEGIN\n{exact}EXCEPTION WHEN OTHERS THEN\n{Grant(membership, majorVersion, namesGrantor: false).Sql}END;\n";
    }

    private static string Block(string condition, string statements)
    {
        var tag = "$roles$";
        for (var number = 1; (condition + statements).Contains(tag, StringComparison.Ordinal); number++)
        {
            tag = string.Create(CultureInfo.InvariantCulture, $"$roles{number}$");
        }

        return $"\nDO LANGUAGE plpgsql {tag}BEGIN\nIF {condition} THEN\n{statements}END IF;\nEND{tag};\n";
    }
}
