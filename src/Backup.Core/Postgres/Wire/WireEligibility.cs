using System.Globalization;
using System.Net;
using Npgsql;

namespace Backup.Core.Postgres.Wire;

/// <summary>Says whether the reader of the wire protocol covers what a connection string asks for, and if not, why.</summary>
/// <remarks>
/// What it does not cover goes over Npgsql. The environment variables are those that Npgsql reads.
/// See <see href="https://www.npgsql.org/doc/connection-string-parameters.html"/>.
/// </remarks>
/// <param name="Target">What to connect to; <see langword="null"/> when it is not covered.</param>
/// <param name="Reason">Why it is not covered, as the end of a sentence.</param>
internal sealed record WireEligibility(WireTarget? Target, string? Reason)
{
    private static readonly (string Variable, string Reason)[] UncoveredVariables =
    [
        ("PGSSLCERT", "PGSSLCERT gives a client certificate"),
        ("PGSSLKEY", "PGSSLKEY gives a client key"),
        ("PGREQUIREAUTH", "PGREQUIREAUTH prescribes authentication methods"),
        ("PGTARGETSESSIONATTRS", "PGTARGETSESSIONATTRS prescribes a kind of server"),
        ("PGCLIENTENCODING", "PGCLIENTENCODING gives a client encoding"),
    ];

    /// <summary>The switch of <see cref="AppContext"/> that turns this way off.</summary>
    public const string OffSwitch = "Backup.Core.DisableWireProtocol";

    /// <summary>It was turned off.</summary>
    public static WireEligibility TurnedOff { get; } = new(null, "the reader of the wire protocol is turned off");

    /// <summary>The pool must not become larger than the readers.</summary>
    public static WireEligibility Limited { get; } = new(null, "Maximum Pool Size leaves no room beside the coordinator");

    /// <summary>Npgsql took up encryption by GSSAPI, and another connection must not do with less.</summary>
    public static WireEligibility GssEncrypted { get; } = new(null, "connections are encrypted by GSSAPI");

    /// <summary>Connections that are not made from text are not covered: what else they were given cannot be seen.</summary>
    public static WireEligibility Lent { get; } = new(null, "the data source is the caller's own");

    /// <summary>Judges a connection string.</summary>
    /// <param name="settings">The connection string.</param>
    /// <param name="variable">Looks up an environment variable.</param>
    /// <param name="options">What connections may wait for; <see langword="null"/> for what the connection string says alone.</param>
    public static WireEligibility Of(
        NpgsqlConnectionStringBuilder settings, Func<string, string?> variable, SnapshotOptions? options = null) =>
        FindReason(settings, variable) is { } reason ? new(null, reason) : new(Target: TargetOf(settings, variable, options), Reason: null);

    private static string? FindReason(NpgsqlConnectionStringBuilder settings, Func<string, string?> variable)
    {
        foreach (var keyword in settings.Keys)
        {
            if (WireKeywords.Covered.Contains(keyword) || string.IsNullOrEmpty(Convert.ToString(settings[keyword], CultureInfo.InvariantCulture)))
                continue;
            return WireKeywords.Uncovered.GetValueOrDefault(keyword, $"what '{keyword}' asks for is not known");
        }

        foreach (var (name, reason) in UncoveredVariables)
        {
            if (!string.IsNullOrEmpty(variable(name)))
                return reason;
        }

        if (settings.SslMode != SslMode.Disable && File.Exists(InHome(".postgresql", "postgresql.crt")))
            return "the user's folder holds a client certificate";
        if (settings.GssEncryptionMode == GssEncryptionMode.Require || variable("PGGSSENCMODE") == "require")
            return "encryption by GSSAPI is required";
        if (settings.Host is not { Length: > 0 } host || host.Contains(',', StringComparison.Ordinal))
            return "several hosts are given";
        if (host.Contains(':', StringComparison.Ordinal) && (host.Contains(']', StringComparison.Ordinal) || !IPAddress.TryParse(host, out _)))
            return "the host holds the port";
        return host[0] == '@' || (OperatingSystem.IsWindows() && Path.IsPathRooted(host)) ? "the host is a socket of an unusual kind" : null;
    }

    private static WireTarget TargetOf(
        NpgsqlConnectionStringBuilder settings, Func<string, string?> variable, SnapshotOptions? options)
    {
        var isTlsDirect = settings.SslNegotiation == SslNegotiation.Direct
            || (!settings.ShouldSerialize("SSL Negotiation") && variable("PGSSLNEGOTIATION") == "direct");
        return new WireTarget
        {
            Host = settings.Host!,
            Port = settings.Port,
            Username = settings.Username!,
            FindPassword = () => FindPassword(settings, variable),
            Parameters = [.. Parameters(settings, variable)],
            SslMode = settings.SslMode,
            IsTlsDirect = isTlsDirect,
            RootCertificate = settings.RootCertificate ?? variable("PGSSLROOTCERT") ?? Existing(InHome(".postgresql", "root.crt")),
            ChecksRevocation = settings.CheckCertificateRevocation,
            ChannelBinding = settings.ChannelBinding,
            MayBeGssEncrypted = settings.GssEncryptionMode != GssEncryptionMode.Disable && variable("PGGSSENCMODE") != "disable" && settings.Host![0] != '/',
            ConnectTimeout = ConnectTimeoutOf(settings, options?.ConnectTimeout ?? Timeout.InfiniteTimeSpan),
            Limits = options is null ? LimitsOf(settings) : LimitsOf(settings) with { Silence = options.ReadTimeout },
            Socket = new WireSocketOptions
            {
                KeepAlive = settings.TcpKeepAlive,
                KeepAliveSeconds = settings.TcpKeepAliveTime,
                KeepAliveIntervalSeconds = settings.TcpKeepAliveInterval,
                ReceiveBufferBytes = settings.SocketReceiveBufferSize,
                SendBufferBytes = settings.SocketSendBufferSize,
            },
        };
    }

    private static TimeSpan ConnectTimeoutOf(NpgsqlConnectionStringBuilder settings, TimeSpan limit)
    {
        var given = settings.Timeout > 0 ? TimeSpan.FromSeconds(settings.Timeout) : Timeout.InfiniteTimeSpan;
        return given == Timeout.InfiniteTimeSpan || (limit != Timeout.InfiniteTimeSpan && limit < given) ? limit : given;
    }

    // Npgsql's other two meanings, not to wait at all and to wait for ever, would cut every connection or hang a run.
    private static WireLimits LimitsOf(NpgsqlConnectionStringBuilder settings) =>
        settings.ShouldSerialize("Cancellation Timeout") && settings.CancellationTimeout > 0
            ? new WireLimits { Stop = TimeSpan.FromMilliseconds(settings.CancellationTimeout) }
            : new WireLimits();

    private static IEnumerable<KeyValuePair<string, string>> Parameters(
        NpgsqlConnectionStringBuilder settings, Func<string, string?> variable)
    {
        (string Name, string? Value)[] all =
        [
            ("user", settings.Username),
            ("database", settings.Database),
            ("client_encoding", "UTF8"),
            ("application_name", settings.ApplicationName),
            ("search_path", settings.SearchPath),
            ("TimeZone", settings.Timezone ?? variable("PGTZ")),
            ("options", settings.Options ?? variable("PGOPTIONS")),
        ];
        return all.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => KeyValuePair.Create(p.Name, p.Value!));
    }

    private static string? FindPassword(NpgsqlConnectionStringBuilder settings, Func<string, string?> variable)
    {
        if ((settings.Password ?? variable("PGPASSWORD")) is { } password)
            return password;

        var file = settings.Passfile ?? variable("PGPASSFILE") ?? Existing(OperatingSystem.IsWindows()
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "postgresql", "pgpass.conf")
            : InHome(".pgpass"));
        return file is null ? null : Passfile.Find(File.ReadLines(file), settings.Host!, settings.Port, settings.Database!, settings.Username!);
    }

    private static string InHome(params string[] path) => OperatingSystem.IsWindows() && path[0] == ".postgresql"
        ? Path.Combine([Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "postgresql", .. path[1..]])
        : Path.Combine([Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), .. path]);

    private static string? Existing(string path) => File.Exists(path) ? path : null;
}
