using Backup.Core.Postgres;
using Backup.Core.Postgres.Server;

namespace Backup.Core.Restore.Server;

/// <summary>What a backup has of the server, as far as a request is about it.</summary>
internal sealed record ServerSet
{
    /// <summary>Nothing.</summary>
    public static ServerSet None { get; } = new();

    /// <summary>Whether the backup has the server's roles, asked for or not.</summary>
    public bool HoldsRoles { get; init; }

    /// <summary>The roles; <see langword="null"/> where the request leaves them.</summary>
    public RoleList? Roles { get; init; }

    /// <summary>The statements that set what a project may set of a platform's own roles; those that the target refuses are left out.</summary>
    public IReadOnlyList<ServerStatement> ReservedSettings { get; init; } = [];

    /// <summary>The settings of the database; <see langword="null"/> where the request leaves them.</summary>
    public DatabaseSettings? Settings { get; init; }

    /// <summary>The major version of the source.</summary>
    public int SourceMajorVersion { get; init; }

    /// <summary>Whether the request is about any of it.</summary>
    public bool IsEmpty => Roles is null && Settings is null;

    /// <summary>Whether owner and privileges of the database are left out.</summary>
    public bool SkipsOwners { get; init; }

    /// <summary>Whether the target database keeps its owner, as the source's is a role that a platform keeps to itself.</summary>
    public bool KeepsOwner { get; init; }

    /// <summary>The statements about a database.</summary>
    /// <param name="target">Its true name.</param>
    public IEnumerable<ServerStatement> StatementsFor(string target) => Settings is null
        ? []
        : DatabaseSettingsScript.Statements(Settings with { Name = target }, SqlText.Identifier(target), SourceMajorVersion)
            .Where(item => item.Kind switch
            {
                ServerKinds.DatabaseOwner => !SkipsOwners && !KeepsOwner,
                ServerKinds.DatabasePrivileges => !SkipsOwners,
                _ => true,
            });

    /// <summary>The true names of the roles that these statements name and that have to be there.</summary>
    public IEnumerable<string> RolesOfSettings => Settings is null || SkipsOwners
        ? []
        : DatabaseSettingsScript.RolesOf(Settings, ofPrivileges: true).Where(role => !(KeepsOwner && role == Settings.Owner));
}
