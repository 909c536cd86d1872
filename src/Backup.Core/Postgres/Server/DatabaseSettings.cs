namespace Backup.Core.Postgres.Server;

/// <summary>What a server knows of a database beside what is in it: the content of <c>database/settings.json</c>.</summary>
internal sealed record DatabaseSettings
{
    /// <summary>The version that this library writes; a reader refuses a newer one.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of the file.</summary>
    public required int Version { get; init; }

    /// <summary>The database's true name.</summary>
    public required string Name { get; init; }

    /// <summary>The owner's true name.</summary>
    public required string Owner { get; init; }

    /// <summary>The comment; <see langword="null"/> for none.</summary>
    public string? Comment { get; init; }

    /// <summary>Whether any role that may create databases can copy it.</summary>
    public bool IsTemplate { get; init; }

    /// <summary>How many connections it takes; -1 for any number.</summary>
    public int ConnectionLimit { get; init; } = -1;

    /// <summary>The privileges as items of the access control list; <see langword="null"/> where the default holds.</summary>
    public IReadOnlyList<string>? Privileges { get; init; }

    /// <summary>The privileges that a new database of that owner has.</summary>
    public required IReadOnlyList<string> DefaultPrivileges { get; init; }

    /// <summary>The security labels.</summary>
    public IReadOnlyList<ServerLabel> Labels { get; init; } = [];

    /// <summary>The settings for everybody who connects.</summary>
    public IReadOnlyList<ServerSetting> Settings { get; init; } = [];

    /// <summary>The settings for single roles.</summary>
    public IReadOnlyList<RoleSetting> RoleSettings { get; init; } = [];

    /// <summary>What it was made with, and cannot be given later.</summary>
    public required DatabaseLocale Locale { get; init; }
}

/// <summary>A setting for a role in one database.</summary>
internal sealed record RoleSetting
{
    /// <summary>The role's true name.</summary>
    public required string Role { get; init; }

    /// <summary>The setting.</summary>
    public required ServerSetting Setting { get; init; }
}

/// <summary>How a database sorts and classifies text.</summary>
internal sealed record DatabaseLocale
{
    /// <summary>PostgreSQL's name of the encoding.</summary>
    public required string Encoding { get; init; }

    /// <summary>LC_COLLATE.</summary>
    public required string Collate { get; init; }

    /// <summary>LC_CTYPE.</summary>
    public required string Ctype { get; init; }

    /// <summary><c>libc</c>, <c>icu</c> or <c>builtin</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's own locale; <see langword="null"/> for libc.</summary>
    public string? Locale { get; init; }

    /// <summary>Further rules of ICU; <see langword="null"/> for none.</summary>
    public string? IcuRules { get; init; }
}
