namespace Backup.Core.Postgres.Probes;

/// <summary>What a server says of itself and of the role that asks.</summary>
internal sealed record ServerFacts
{
    /// <summary>The version for people: <c>15.4</c>.</summary>
    public required string Version { get; init; }

    /// <summary>The major version.</summary>
    public required int MajorVersion { get; init; }

    /// <summary>The database's encoding, as PostgreSQL names it.</summary>
    public required string Encoding { get; init; }

    /// <summary>The role that reads.</summary>
    public required string Role { get; init; }

    /// <summary>Whether the server is a hot standby.</summary>
    public required bool IsStandby { get; init; }

    /// <summary>Whether a standby tells its primary which rows it still reads.</summary>
    public required bool HasStandbyFeedback { get; init; }

    /// <summary>How long a standby lets a read hold up what comes from its primary: <c>30s</c>; <c>-1</c> for any time.</summary>
    public required string StandbyDelay { get; init; }

    /// <summary>How many connections the server has left for the role, the one that asked among them.</summary>
    public required int ServerConnections { get; init; }

    /// <summary>How many connections the role's own limit leaves, the one that asked among them; <see langword="null"/> without a limit.</summary>
    public required int? RoleConnections { get; init; }

    /// <summary>How many connections the database's limit leaves, the one that asked among them; <see langword="null"/> without a limit.</summary>
    public required int? DatabaseConnections { get; init; }

    /// <summary>How many locks the server's table of locks has room for, all sessions together.</summary>
    public required long Locks { get; init; }

    /// <summary>The limits of time that the role's sessions begin with, as <c>statement_timeout = 8s</c>; empty without any.</summary>
    public required IReadOnlyList<string> TimeLimits { get; init; }
}
