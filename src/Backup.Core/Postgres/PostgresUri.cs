using System.Globalization;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>Reads <c>postgres://</c> and <c>postgresql://</c> URIs as libpq does.</summary>
/// <remarks>See <see href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS"/>.</remarks>
internal static class PostgresUri
{
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    // Written for other clients by hosters' dashboards; none of them changes what is connected to.
    private static readonly string[] ForOtherClients =
        ["pgbouncer", "connection_limit", "pool_timeout", "supa", "keepalives_count", "tcp_user_timeout", "client_encoding"];

    /// <summary>Whether the text is meant as a URI.</summary>
    public static bool IsUri(string text) => Array.Exists(Schemes, s => text.StartsWith(s, StringComparison.OrdinalIgnoreCase));

    /// <summary>Sets what the URI says on <paramref name="target"/>; every fault is added to <paramref name="faults"/>.</summary>
    /// <remarks>
    /// No fault quotes the URI, except for names that are known here: where a delimiter in a password was not encoded, any other
    /// part may be a piece of it.
    /// </remarks>
    public static void Apply(string uri, NpgsqlConnectionStringBuilder target, ICollection<string> faults)
    {
        var rest = uri[(uri.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var query = Cut(ref rest, rest.IndexOf('?', StringComparison.Ordinal));
        var database = Cut(ref rest, rest.IndexOf('/', StringComparison.Ordinal));
        if (query.Contains('@', StringComparison.Ordinal))
        {
            faults.Add("a '?' in a user name or password is written %3F, and an '@' in a parameter %40");
            return;
        }

        if (database.Contains('@', StringComparison.Ordinal))
        {
            faults.Add("a '/' in a user name or password is written %2F, and an '@' in a database name %40");
            return;
        }

        // The last @: a password whose @ was not encoded is still read as it was meant.
        var at = rest.LastIndexOf('@');
        var user = at < 0 ? string.Empty : rest[..at];
        ApplyHosts(at < 0 ? rest : rest[(at + 1)..], target, faults);
        var password = Cut(ref user, user.IndexOf(':', StringComparison.Ordinal));
        Set(Decode(user, "user", faults), value => target.Username = value);
        Set(Decode(password, "password", faults), value => target.Password = value);
        Set(Decode(database, "database", faults), value => target.Database = value);
        var number = 0;
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var part = string.Create(CultureInfo.InvariantCulture, $"parameter {++number} after the '?'");
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                faults.Add($"{part} has no value");
            else if (!TryApplyParameter(Decode(pair[..equals], part, faults), Decode(pair[(equals + 1)..], part, faults), target, faults))
                faults.Add($"{part} is not known");
        }
    }

    private static void ApplyHosts(string text, NpgsqlConnectionStringBuilder target, ICollection<string> faults)
    {
        if (text.Length == 0)
            return;

        if (text.Contains(',', StringComparison.Ordinal))
        {
            faults.Add("several hosts are given; a snapshot belongs to one server, so name one host");
            return;
        }

        // [::1]:5432 - the colons inside the brackets belong to the address.
        var colon = text.LastIndexOf(':');
        var hasPort = colon >= 0 && colon > text.LastIndexOf(']');
        var host = Decode(hasPort ? text[..colon] : text, "host", faults);
        Set(host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host, value => target.Host = value);
        if (hasPort && colon + 1 < text.Length)
            ApplyNumber("port", text[(colon + 1)..], 1, 65_535, value => target.Port = value, faults);
    }

    private static bool TryApplyParameter(string name, string value, NpgsqlConnectionStringBuilder target, ICollection<string> faults)
    {
        switch (name)
        {
            case "host" or "hostaddr": target.Host = value; break;
            case "port": ApplyNumber(name, value, 1, 65_535, number => target.Port = number, faults); break;
            case "dbname": target.Database = value; break;
            case "user": target.Username = value; break;
            case "password": target.Password = value; break;
            case "passfile": target.Passfile = value; break;
            case "application_name" or "fallback_application_name": target.ApplicationName = value; break;
            case "options": target.Options = value; break;
            case "connect_timeout": ApplyNumber(name, value, 0, 1_024, number => target.Timeout = number, faults); break;
            case "keepalives": target.TcpKeepAlive = value != "0"; break;
            case "keepalives_idle": ApplyNumber(name, value, 0, 86_400, number => target.TcpKeepAliveTime = number, faults); break;
            case "keepalives_interval": ApplyNumber(name, value, 0, 86_400, number => target.TcpKeepAliveInterval = number, faults); break;
            case "sslrootcert": target.RootCertificate = value; break;
            case "sslcert": target.SslCertificate = value; break;
            case "sslkey": target.SslKey = value; break;
            case "sslpassword": target.SslPassword = value; break;
            case "krbsrvname": target.KerberosServiceName = value; break;
            case "target_session_attrs": target.TargetSessionAttributes = value; break;
            case "sslmode": ApplyWord(name, value, SslModes, word => target.SslMode = word, faults); break;
            case "sslnegotiation": ApplyWord(name, value, SslNegotiations, word => target.SslNegotiation = word, faults); break;
            case "channel_binding": ApplyWord(name, value, ChannelBindings, word => target.ChannelBinding = word, faults); break;
            case "gssencmode": ApplyWord(name, value, GssModes, word => target.GssEncryptionMode = word, faults); break;
            default: return ForOtherClients.Contains(name, StringComparer.Ordinal);
        }

        return true;
    }

    private static readonly Dictionary<string, SslMode> SslModes = new(StringComparer.Ordinal)
    {
        ["disable"] = SslMode.Disable,
        ["allow"] = SslMode.Allow,
        ["prefer"] = SslMode.Prefer,
        ["require"] = SslMode.Require,
        ["no-verify"] = SslMode.Require,
        ["verify-ca"] = SslMode.VerifyCA,
        ["verify-full"] = SslMode.VerifyFull,
    };

    private static readonly Dictionary<string, SslNegotiation> SslNegotiations = new(StringComparer.Ordinal)
    {
        ["postgres"] = SslNegotiation.Postgres,
        ["direct"] = SslNegotiation.Direct,
    };

    private static readonly Dictionary<string, ChannelBinding> ChannelBindings = new(StringComparer.Ordinal)
    {
        ["disable"] = ChannelBinding.Disable,
        ["prefer"] = ChannelBinding.Prefer,
        ["require"] = ChannelBinding.Require,
    };

    private static readonly Dictionary<string, GssEncryptionMode> GssModes = new(StringComparer.Ordinal)
    {
        ["disable"] = GssEncryptionMode.Disable,
        ["prefer"] = GssEncryptionMode.Prefer,
        ["require"] = GssEncryptionMode.Require,
    };

    private static void ApplyWord<T>(
        string name, string value, Dictionary<string, T> words, Action<T> set, ICollection<string> faults)
    {
        if (words.TryGetValue(value, out var word))
            set(word);
        else
            faults.Add($"parameter '{name}' must be one of {string.Join(", ", words.Keys)}");
    }

    private static void ApplyNumber(string name, string value, int least, int most, Action<int> set, ICollection<string> faults)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            set(number);
        else
            faults.Add($"'{name}' must be a number from {least} to {most}");
    }

    private static void Set(string value, Action<string> set)
    {
        if (value.Length > 0)
            set(value);
    }

    private static string Cut(ref string text, int at)
    {
        if (at < 0)
            return string.Empty;

        var tail = text[(at + 1)..];
        text = text[..at];
        return tail;
    }

    private static string Decode(string text, string part, ICollection<string> faults)
    {
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
                continue;

            faults.Add($"the {part} holds a % that starts no percent-encoding (write a true % as %25)");
            return string.Empty;
        }

        return Uri.UnescapeDataString(text);
    }
}
