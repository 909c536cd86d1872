namespace Backup.TestKit.PostgreSql;

/// <summary>What kind of private server a test wants.</summary>
public sealed record PostgresServerOptions
{
    /// <summary>Major version, 14 to 18: an installed one, else the npm package of it. <c>null</c> takes what the machine has.</summary>
    public int? Major { get; init; }

    /// <summary>Password of <c>postgres</c>, asked for on every connection; <c>null</c> trusts everyone on the loopback.</summary>
    public string? Password { get; init; }

    /// <summary>Further server settings, by name; they win over the fixture's own.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>How long initdb and the start may take together.</summary>
    /// <value>90 seconds: a loaded machine needs more than an idle one's two.</value>
    public TimeSpan StartTimeLimit { get; init; } = TimeSpan.FromSeconds(90);
}
