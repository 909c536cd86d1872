namespace Backup.Core.Postgres.Server;

/// <summary>One role's membership in another.</summary>
internal sealed record RoleMembership
{
    /// <summary>The role that was granted.</summary>
    public required string Role { get; init; }

    /// <summary>Who it was granted to.</summary>
    public required string Member { get; init; }

    /// <summary>Who granted it; <see langword="null"/> for the superuser that the server began with, or where that is not known.</summary>
    public string? Grantor { get; init; }

    /// <summary>Whether the member may grant it on.</summary>
    public bool Admin { get; init; }

    /// <summary>
    /// Whether the member uses its privileges without asking for them; <see langword="null"/> where it does as the member's
    /// <see cref="RoleDefinition.Inherit"/> says, and before PostgreSQL 16.
    /// </summary>
    public bool? Inherit { get; init; }

    /// <summary>Whether the member may become the role by SET ROLE.</summary>
    /// <value><see langword="true"/> by default, as before PostgreSQL 16.</value>
    public bool Set { get; init; } = true;
}
