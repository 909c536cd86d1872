using System.Collections.Frozen;

namespace Backup.Core.Postgres.Wire;

/// <summary>What the keywords of a connection string mean for the reader of the wire protocol.</summary>
/// <remarks>A keyword that is in neither list came with a later Npgsql: nobody knows here what it asks for.</remarks>
internal static class WireKeywords
{
    /// <summary>Left to Npgsql, with the reason.</summary>
    public static FrozenDictionary<string, string> Uncovered { get; } = new Dictionary<string, string>
    {
        ["SSL Certificate"] = "a client certificate is given",
        ["SSL Key"] = "a client key is given",
        ["Require Auth"] = "authentication methods are prescribed",
        ["Target Session Attributes"] = "a kind of server is prescribed",
        ["Encoding"] = "a client encoding is given",
        ["Client Encoding"] = "a client encoding is given",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Heeded, or without a meaning for a connection that only reads rows.</summary>
    public static FrozenSet<string> Covered { get; } = FrozenSet.ToFrozenSet(
        [
            // Where to, and as whom.
            "Host", "Port", "Database", "Username", "Password", "Passfile", "Application Name", "Search Path", "Timezone", "Options",

            // TLS and proofs of identity; the last three say something to GSSAPI and client keys only, the one before them nothing.
            "SSL Mode", "SSL Negotiation", "Root Certificate", "Check Certificate Revocation", "Channel Binding", "GSS Encryption Mode",
            "Trust Server Certificate", "Kerberos Service Name", "Include Realm", "SSL Password",

            // Times and sockets. Statements have no limit in either way; what Keepalive sends needs a connection that is idle.
            "Timeout", "Command Timeout", "Internal Command Timeout", "Cancellation Timeout", "Keepalive", "TCP Keepalive",
            "TCP Keepalive Time", "TCP Keepalive Interval", "Socket Receive Buffer Size", "Socket Send Buffer Size",

            // Npgsql's pool, and several hosts, of which there is one.
            "Pooling", "Minimum Pool Size", "Maximum Pool Size", "Connection Idle Lifetime", "Connection Pruning Interval",
            "Connection Lifetime", "No Reset On Close", "Load Balance Hosts", "Host Recheck Seconds", "Enlist", "Multiplexing",

            // Npgsql's own memory, types, statements and words.
            "Read Buffer Size", "Write Buffer Size", "Write Coalescing Buffer Threshold Bytes", "Max Auto Prepare",
            "Auto Prepare Min Usages", "Array Nullability Mode", "Load Table Composites", "Server Compatibility Mode",
            "Persist Security Info", "Log Parameters", "Include Error Detail", "Include Failed Batched Command",
        ],
        StringComparer.OrdinalIgnoreCase);
}
