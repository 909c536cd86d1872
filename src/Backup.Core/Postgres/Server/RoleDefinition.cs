namespace Backup.Core.Postgres.Server;

/// <summary>A role without its password, which only superusers may read and which no backup holds.</summary>
internal sealed record RoleDefinition
{
    /// <summary>The true name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether every right is granted to it.</summary>
    public bool Superuser { get; init; }

    /// <summary>Whether it uses the privileges of the roles that it is a member of without asking for them.</summary>
    /// <value><see langword="true"/> by default, as the server's.</value>
    public bool Inherit { get; init; } = true;

    /// <summary>Whether it may create roles.</summary>
    public bool CreateRole { get; init; }

    /// <summary>Whether it may create databases.</summary>
    public bool CreateDatabase { get; init; }

    /// <summary>Whether it may log in.</summary>
    public bool Login { get; init; }

    /// <summary>Whether it may replicate.</summary>
    public bool Replication { get; init; }

    /// <summary>Whether policies do not concern it.</summary>
    public bool BypassRowSecurity { get; init; }

    /// <summary>How many connections it may have; -1 for any number.</summary>
    public int ConnectionLimit { get; init; } = -1;

    /// <summary>Until when its password is good, in the server's words, in UTC; <see langword="null"/> for ever.</summary>
    public string? ValidUntil { get; init; }

    /// <summary>The comment; <see langword="null"/> for none.</summary>
    public string? Comment { get; init; }

    /// <summary>Its settings in all databases.</summary>
    public IReadOnlyList<ServerSetting> Settings { get; init; } = [];

    /// <summary>Its security labels.</summary>
    public IReadOnlyList<ServerLabel> Labels { get; init; } = [];
}
