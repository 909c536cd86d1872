namespace Backup.Core.Postgres.Schema;

/// <summary>What an entry asks of the server that is to make it, of the versions that this library knows.</summary>
/// <param name="What">What the server has to know, in a few words: <c>UNIQUE NULLS NOT DISTINCT</c>.</param>
internal sealed record VersionRequirement(string What)
{
    /// <summary>The first major version that knows it; <see langword="null"/> where the oldest does.</summary>
    public int? Since { get; init; }

    /// <summary>The first major version that does not know it any more; <see langword="null"/> where the newest does.</summary>
    public int? Before { get; init; }

    /// <summary>What the first version that knows it is.</summary>
    public static VersionRequirement From(int since, string what) => new(what) { Since = since };

    /// <summary>What a version took away.</summary>
    public static VersionRequirement Until(int before, string what) => new(what) { Before = before };

    /// <summary>Whether a server of a major version fulfils it.</summary>
    public bool IsMetBy(int majorVersion) => !(majorVersion < Since) && !(majorVersion >= Before);

    /// <summary>Why a server that does not fulfil it cannot make the entry.</summary>
    public string Reason(int majorVersion) => majorVersion < Since
        ? $"{What} needs PostgreSQL {Since} or later"
        : $"PostgreSQL {Before} and later do not know {What}";
}
