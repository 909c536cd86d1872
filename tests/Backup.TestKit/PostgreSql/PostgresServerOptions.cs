namespace Backup.TestKit.PostgreSql;

/// <summary>What kind of private server a test wants.</summary>
public sealed record PostgresServerOptions
{
    /// <summary>Major version, 14 to 18: an installed one, else the npm package of it. <c>null</c> takes what the machine has.</summary>
    public int? Major { get; init; }

    /// <summary>Password of <c>postgres</c>, asked for on every connection; <c>null</c> trusts everyone on the loopback.</summary>
    public string? Password { get; init; }

    /// <summary>How the password is asked for, a method of <c>pg_hba.conf</c>: <c>scram-sha-256</c>, <c>md5</c> or <c>password</c>.</summary>
    public string PasswordMethod { get; init; } = "scram-sha-256";

    /// <summary>The server's certificate and key as PEM; with them it offers TLS.</summary>
    public (string Certificate, string Key)? Tls { get; init; }

    /// <summary>Whether it is a hot standby, of no primary: it has the databases of an empty cluster, and nothing can be written.</summary>
    public bool IsStandby { get; init; }

    /// <summary>Further server settings, by name; they win over the fixture's own.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>How long initdb and the start may take together.</summary>
    /// <value>90 seconds: a loaded machine needs more than an idle one's two.</value>
    public TimeSpan StartTimeLimit { get; init; } = TimeSpan.FromSeconds(90);
}
