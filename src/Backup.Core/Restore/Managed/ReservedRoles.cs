using Backup.Core.Postgres.Presets;
using Backup.Core.Postgres.Schema;
using Backup.Core.Postgres.Server;
using Backup.Core.Restore.Server;

namespace Backup.Core.Restore.Managed;

/// <summary>Takes out of the roles of a backup those that a platform makes itself, and keeps of these what a project may set.</summary>
internal static class ReservedRoles
{
    /// <summary>Takes them out.</summary>
    /// <param name="server">What the backup has of the server.</param>
    /// <param name="project">What the project has.</param>
    public static ServerSet Fit(ServerSet server, SupabaseProject project) => server with
    {
        Roles = server.Roles is { } list ? Fit(list) : null,
        ReservedSettings = server.Roles is { } roles ? [.. SettingsOf(roles, project)] : [],
        Settings = server.Settings is { } settings ? Fit(settings, project) : null,
        KeepsOwner = server.Settings is { } database && !MayOwn(database.Owner, project),
    };

    private static bool MayOwn(string role, SupabaseProject project) =>
        !SupabaseNames.IsReservedRole(role) || (project.IsSuperuser ? project.Roles : project.OwnRoles).Contains(role);

    private static RoleList Fit(RoleList list) => list with
    {
        Roles = [.. list.Roles.Where(role => !SupabaseNames.IsReservedRole(role.Name))],
        Memberships = [.. list.Memberships.Where(item => !(IsTheServers(item.Role) && IsTheServers(item.Member)))],
    };

    // The platform keeps its own memberships, those in PostgreSQL's roles included.
    private static bool IsTheServers(string role) => SupabaseNames.IsReservedRole(role) || role.StartsWith("pg_", StringComparison.Ordinal);

    private static IEnumerable<ServerStatement> SettingsOf(RoleList list, SupabaseProject project) =>
        from role in list.Roles
        where SupabaseNames.IsReservedRole(role.Name) && project.Roles.Contains(role.Name)
        from statement in RoleScript.Settings(role with { Settings = [.. role.Settings.Where(setting => SupabaseNames.IsProjectSetting(setting.Name))] })
        select statement;

    private static DatabaseSettings Fit(DatabaseSettings settings, SupabaseProject project) => settings with
    {
        Privileges = settings.Privileges is { } items ? [.. items.Where(item => IsKnown(AclItem.Parse(item), project))] : null,
        RoleSettings = [.. settings.RoleSettings.Where(item => MaySet(item, project))],
    };

    private static bool MaySet(RoleSetting item, SupabaseProject project) => !SupabaseNames.IsReservedRole(item.Role)
        || (project.Roles.Contains(item.Role) && SupabaseNames.IsProjectSetting(item.Setting.Name));

    private static bool IsKnown(AclItem item, SupabaseProject project) =>
        new[] { item.Grantee, item.Grantor }.All(role => role.Length == 0 || project.Roles.Contains(role) || !SupabaseNames.IsReservedRole(role));
}
