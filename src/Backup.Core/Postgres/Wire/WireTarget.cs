using Npgsql;

namespace Backup.Core.Postgres.Wire;

/// <summary>A server, and how to connect to it. No record: its text would show the password.</summary>
internal sealed class WireTarget
{
    /// <summary>A name, an address, or the folder of a Unix socket.</summary>
    public required string Host { get; init; }

    /// <summary>The port.</summary>
    public required int Port { get; init; }

    /// <summary>The role.</summary>
    public required string Username { get; init; }

    /// <summary>Looks the password up, when the server asks for one; <see langword="null"/> when there is none.</summary>
    public required Func<string?> FindPassword { get; init; }

    /// <summary>What the start-up message says: role, database, settings.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; }

    /// <summary>Whether TLS is used.</summary>
    public required SslMode SslMode { get; init; }

    /// <summary>Whether TLS begins at once, without asking the server for it.</summary>
    public bool IsTlsDirect { get; init; }

    /// <summary>The file of the authorities that are trusted in place of the machine's.</summary>
    public string? RootCertificate { get; init; }

    /// <summary>Whether revoked certificates are looked for.</summary>
    public bool ChecksRevocation { get; init; }

    /// <summary>Whether the password exchange is bound to the TLS channel.</summary>
    public ChannelBinding ChannelBinding { get; init; } = ChannelBinding.Prefer;

    /// <summary>Whether Npgsql encrypts by GSSAPI where it can.</summary>
    public bool MayBeGssEncrypted { get; init; }

    /// <summary>What connecting may take; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</summary>
    public TimeSpan ConnectTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The sockets' options.</summary>
    public WireSocketOptions Socket { get; init; } = new();

    /// <summary>The other time limits.</summary>
    public WireLimits Limits { get; init; } = new();

    /// <summary>The Unix socket, when the host is a folder.</summary>
    public string? UnixSocketPath => Host.StartsWith('/') ? $"{Host.TrimEnd('/')}/.s.PGSQL.{Port}" : null;
}

/// <summary>The options of a socket; 0 leaves the machine's default.</summary>
internal sealed record WireSocketOptions
{
    /// <summary>Whether a silent peer is asked whether it is there.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>The silence before it is asked.</summary>
    public int KeepAliveSeconds { get; init; }

    /// <summary>The time between two questions.</summary>
    public int KeepAliveIntervalSeconds { get; init; }

    /// <summary>The kernel's buffer of what was received.</summary>
    public int ReceiveBufferBytes { get; init; }

    /// <summary>The kernel's buffer of what is to be sent.</summary>
    public int SendBufferBytes { get; init; }
}
