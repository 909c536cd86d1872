namespace Backup.Core.Postgres.Server;

/// <summary>The roles of a server: the content of <c>database/roles.json</c>.</summary>
internal sealed record RoleList
{
    /// <summary>The version that this library writes; a reader refuses a newer one.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of the file.</summary>
    public required int Version { get; init; }

    /// <summary>The roles by name, without those that come with every server (<c>pg_…</c>).</summary>
    public required IReadOnlyList<RoleDefinition> Roles { get; init; }

    /// <summary>The memberships, those that others rest on first; among them those in the roles that come with every server.</summary>
    public required IReadOnlyList<RoleMembership> Memberships { get; init; }

    /// <summary>The rights to set parameters that were granted.</summary>
    public IReadOnlyList<ParameterPrivilege> Parameters { get; init; } = [];
}
