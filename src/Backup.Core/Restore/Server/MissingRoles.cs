using Backup.Core.Postgres;
using Backup.Core.Postgres.Server;

namespace Backup.Core.Restore.Server;

/// <summary>Finds the roles that a restore names and that the target will not have.</summary>
internal static class MissingRoles
{
    /// <summary>Looks for them.</summary>
    /// <returns>What is to be done about them, in a sentence or two; <see langword="null"/> where none is missing.</returns>
    public static async Task<string?> DescribeAsync(
        TargetSession session, RestoreSet set, RestoreRequest request, CancellationToken cancellationToken)
    {
        var made = NamesOf(set.Server.Roles);
        var named = NamedBy(set, request);
        named.ExceptWith(made);
        var missing = await TargetCatalog.FindMissingRolesAsync(session, named, cancellationToken).ConfigureAwait(false);
        if (missing.Count == 0)
        {
            return null;
        }

        var (roles, them) = missing.Count == 1 ? ("the role", "it") : ("the roles", "them");
        var advice = set.Server.HoldsRoles && set.Server.Roles is null
            ? "The backup holds the roles of its source: restore its roles too,"
            : $"Create {them} ({string.Join(" ", missing.Select(role => $"CREATE ROLE {SqlText.Identifier(role)};"))})";
        return $"The target lacks {roles} {string.Join(", ", missing)}. {advice} or skip owners and privileges.";
    }

    /// <summary>The roles that the objects of a restore, and the settings of its database, name; of large objects those that the target lacks.</summary>
    public static HashSet<string> NamedBy(RestoreSet set, RestoreRequest request)
    {
        var roles = set.Objects
            .Where(entry => !set.Impossible.Contains(entry.Id))
            .SelectMany(entry => entry.Roles.Where(role => !request.SkipOwnersAndPrivileges || role != entry.Owner))
            .ToHashSet(StringComparer.Ordinal);
        if (!request.SkipOwnersAndPrivileges)
        {
            roles.UnionWith(set.LargeObjectRoles);
        }

        roles.UnionWith(set.Server.RolesOfSettings);
        return roles;
    }

    private static HashSet<string> NamesOf(RoleList? list) =>
        (list?.Roles ?? []).Select(role => role.Name).ToHashSet(StringComparer.Ordinal);
}
