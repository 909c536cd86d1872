using System.Globalization;
using System.Text;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Postgres.Server;

/// <summary>Writes the statements that give a database the settings of another one.</summary>
internal static class DatabaseSettingsScript
{
    // psql puts the name of the database that it is connected to in its place.
    private const string ConnectedDatabase = ":\"DBNAME\"";

    private const string Head =
        """
        -- What the server keeps of the database beside its content: owner, comment, settings, privileges.
        -- Run it with psql, connected to the restored database whatever its name is, after post-data.sql.
        SET client_encoding = 'UTF8';
        SET standard_conforming_strings = on;


        """;

    /// <summary>The statements, the owner's first: what comes after it is the owner's to give.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="target">The target database as SQL.</param>
    /// <param name="majorVersion">The major version of the source.</param>
    public static IEnumerable<ServerStatement> Statements(DatabaseSettings settings, string target, int majorVersion)
    {
        yield return new ServerStatement(
            ServerKinds.DatabaseOwner, settings.Owner, $"ALTER DATABASE {target} OWNER TO {SqlText.Identifier(settings.Owner)};\n");
        foreach (var statement in Describe(settings, target))
        {
            yield return statement;
        }

        foreach (var setting in settings.Settings)
        {
            yield return new ServerStatement(ServerKinds.DatabaseSetting, setting.Name, $"ALTER DATABASE {target} {setting.ToSql()};\n");
        }

        foreach (var (role, setting) in settings.RoleSettings.Select(item => (item.Role, item.Setting)))
        {
            yield return new ServerStatement(
                ServerKinds.DatabaseSetting,
                $"{setting.Name} of {role}",
                $"ALTER ROLE {SqlText.Identifier(role)} IN DATABASE {target} {setting.ToSql()};\n",
                role);
        }

        foreach (var statement in Privileges(settings, target, majorVersion))
        {
            yield return statement;
        }
    }

    /// <summary>The true names of the roles that the statements of some kinds name.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="ofPrivileges">Whether the owner's and those of the privileges are among them.</param>
    public static IEnumerable<string> RolesOf(DatabaseSettings settings, bool ofPrivileges)
    {
        var roles = settings.RoleSettings.Select(item => item.Role);
        if (!ofPrivileges)
        {
            return roles.Distinct(StringComparer.Ordinal);
        }

        var items = (settings.Privileges ?? []).Select(AclItem.Parse).SelectMany(item => new[] { item.Grantee, item.Grantor });
        return roles.Append(settings.Owner).Concat(items.Where(role => role.Length > 0)).Distinct(StringComparer.Ordinal);
    }

    /// <summary>Writes a script for psql.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="majorVersion">The major version of the source.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    public static async Task WriteAsync(Stream destination, DatabaseSettings settings, int majorVersion, CancellationToken cancellationToken)
    {
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        text.Append($"-- It was made as: {CreateStatement(settings).ReplaceLineEndings(" ")}\n\n");
        foreach (var statement in Statements(settings, ConnectedDatabase, majorVersion))
        {
            text.Append(statement.Sql);
        }

        await destination.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<ServerStatement> Describe(DatabaseSettings settings, string target)
    {
        if (settings.Comment is { } comment)
        {
            yield return new ServerStatement(
                ServerKinds.DatabaseComment, settings.Name, $"COMMENT ON DATABASE {target} IS {SqlText.Literal(comment)};\n");
        }

        foreach (var label in settings.Labels)
        {
            yield return new ServerStatement(
                ServerKinds.DatabaseLabel,
                label.Provider,
                $"SECURITY LABEL FOR {SqlText.Identifier(label.Provider)} ON DATABASE {target} IS {SqlText.Literal(label.Label)};\n");
        }

        if (settings.IsTemplate)
        {
            yield return new ServerStatement(ServerKinds.DatabaseProperty, "IS_TEMPLATE", $"ALTER DATABASE {target} IS_TEMPLATE = true;\n");
        }

        if (settings.ConnectionLimit != -1)
        {
            yield return new ServerStatement(
                ServerKinds.DatabaseProperty,
                "CONNECTION LIMIT",
                string.Create(CultureInfo.InvariantCulture, $"ALTER DATABASE {target} CONNECTION LIMIT = {settings.ConnectionLimit};\n"));
        }
    }

    // What others granted on is by itself: only a superuser can act for them.
    private static IEnumerable<ServerStatement> Privileges(DatabaseSettings settings, string target, int majorVersion)
    {
        var acl = new ObjectAcl
        {
            Type = AclObjectType.Database,
            Target = $"DATABASE {target}",
            Owner = settings.Owner,
            Items = settings.Privileges,
            Default = settings.DefaultPrivileges,
        };
        var foreign = (settings.Privileges ?? []).Where(item => AclItem.Parse(item).Grantor != settings.Owner).ToList();
        var own = acl with { Items = settings.Privileges?.Except(foreign, StringComparer.Ordinal).ToList() };
        if (AclScript.Build(own, initial: null, majorVersion) is { Length: > 0 } privileges)
        {
            yield return new ServerStatement(ServerKinds.DatabasePrivileges, settings.Name, privileges);
        }

        foreach (var item in foreign)
        {
            yield return new ServerStatement(
                ServerKinds.DatabasePrivileges,
                $"{settings.Name}, granted by {AclItem.Parse(item).Grantor}",
                AclScript.Build(acl with { Items = [item] }, initial: [], majorVersion));
        }
    }

    private static string CreateStatement(DatabaseSettings settings)
    {
        var locale = settings.Locale;
        var own = locale.Provider switch
        {
            "icu" => $" LOCALE_PROVIDER = icu ICU_LOCALE = {SqlText.Literal(locale.Locale ?? "")}"
                + (locale.IcuRules is { } rules ? $" ICU_RULES = {SqlText.Literal(rules)}" : ""),
            "builtin" => $" LOCALE_PROVIDER = builtin BUILTIN_LOCALE = {SqlText.Literal(locale.Locale ?? "")}",
            _ => "",
        };
        return $"CREATE DATABASE {SqlText.Identifier(settings.Name)} WITH TEMPLATE = template0 ENCODING = {SqlText.Literal(locale.Encoding)} "
            + $"LC_COLLATE = {SqlText.Literal(locale.Collate)} LC_CTYPE = {SqlText.Literal(locale.Ctype)}{own};";
    }
}
