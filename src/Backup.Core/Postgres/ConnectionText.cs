using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>Turns a caller's connection text into the settings that a backup's connections need.</summary>
internal static class ConnectionText
{
    /// <summary>The name that the server's activity views show, unless the caller gives another.</summary>
    public const string DefaultApplicationName = "backup-core";

    // An idle coordinator waits for hours while readers work: routers forget silent connections after a few minutes.
    private const int KeepAliveSeconds = 30;
    private const int TcpKeepAliveSeconds = 60;
    private const int TcpKeepAliveIntervalSeconds = 10;

    // Connections are needed for one run; none should linger on a server whose slots are counted.
    private const int IdleLifetimeSeconds = 15;
    private const int PruningIntervalSeconds = 5;

    /// <summary>Reads an Npgsql keyword string or a PostgreSQL URI.</summary>
    /// <exception cref="ArgumentException">Something in it is wrong; the message lists everything that is, without values.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        var faults = new List<string>();
        var builder = new NpgsqlConnectionStringBuilder();
        if (PostgresUri.IsUri(text.Trim()))
            PostgresUri.Apply(text.Trim(), builder, faults);
        else
            ApplyKeywords(text, builder, faults);

        if (faults.Count == 0)
            AddMissing(builder, faults);

        if (faults.Count > 0)
            throw new ArgumentException($"The connection string cannot be used: {string.Join("; ", faults)}.");

        ApplyDefaults(builder);
        return builder;
    }

    private static void ApplyKeywords(string text, NpgsqlConnectionStringBuilder target, List<string> faults)
    {
        var pairs = new DbConnectionStringBuilder();
        try
        {
            pairs.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            // The driver's message may quote the text, and the text holds a secret.
            faults.Add("it is neither a postgres:// URI nor a list of keyword=value pairs separated by semicolons");
            return;
        }

        var before = string.Empty;
        foreach (string keyword in pairs.Keys)
        {
            try
            {
                target[keyword] = pairs[keyword];
                before = $" after '{keyword}'";
            }
            catch (Exception e) when (e is ArgumentException or KeyNotFoundException or FormatException or InvalidCastException or OverflowException)
            {
                // An unknown keyword is never quoted: it may be what follows a semicolon in a password.
                faults.Add(target.ContainsKey(keyword)
                    ? $"the value of '{keyword}' is not valid"
                    : $"the keyword{before} is not known (a value with a semicolon is put in quotes)");
            }
        }
    }

    private static void AddMissing(NpgsqlConnectionStringBuilder builder, List<string> faults)
    {
        if (string.IsNullOrEmpty(builder.Host))
            faults.Add("the host is missing");
        else if (builder.Host.Contains(',', StringComparison.Ordinal))
            faults.Add("several hosts are given; a snapshot belongs to one server, so name one host");

        if (string.IsNullOrEmpty(builder.Database))
            faults.Add("the database is missing");

        if (string.IsNullOrEmpty(builder.Username))
            faults.Add("the user is missing");

        if (builder.Multiplexing)
            faults.Add("'Multiplexing' must be off: a snapshot is held by one connection");
    }

    private static void ApplyDefaults(NpgsqlConnectionStringBuilder builder)
    {
        builder.ApplicationName ??= DefaultApplicationName;
        builder.Enlist = false;
        builder.PersistSecurityInfo = false;
        builder.IncludeErrorDetail = false;
        SetUnlessGiven(builder, "Keepalive", KeepAliveSeconds);
        // The driver sets TCP's options on any socket, and a Unix socket, whose peer is always near, refuses them.
        SetUnlessGiven(builder, "Tcp Keepalive", builder.Host?.StartsWith('/') != true);
        if (builder.TcpKeepAlive)
        {
            SetUnlessGiven(builder, "Tcp Keepalive Time", TcpKeepAliveSeconds);
            SetUnlessGiven(builder, "Tcp Keepalive Interval", TcpKeepAliveIntervalSeconds);
        }

        SetUnlessGiven(builder, "Connection Idle Lifetime", IdleLifetimeSeconds);
        SetUnlessGiven(builder, "Connection Pruning Interval", PruningIntervalSeconds);
        // A COPY or an index build takes as long as it takes; dead peers are found by the keepalives.
        SetUnlessGiven(builder, "Command Timeout", 0);
    }

    private static void SetUnlessGiven(NpgsqlConnectionStringBuilder builder, string keyword, object value)
    {
        if (!builder.ShouldSerialize(keyword))
            builder[keyword] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
    }
}
