using System.Text;
using Npgsql;

namespace Backup.Core.Postgres.Wire;

/// <summary>Reads ErrorResponse as what Npgsql would throw, so that both ways give the same faults.</summary>
/// <remarks>
/// The detail and the context are left out: they may hold rows.
/// See <see href="https://www.postgresql.org/docs/current/protocol-error-fields.html"/>.
/// </remarks>
internal static class ServerFault
{
    private const string UnknownState = "XX000";

    /// <summary>The fault of a message's body, of which the end may be missing.</summary>
    public static PostgresException Read(ReadOnlySpan<byte> body)
    {
        string? severity = null, invariantSeverity = null, state = null, message = null;
        while (body.Length > 1 && body[0] != 0)
        {
            var field = (char)body[0];
            var text = body[1..];
            var end = text.IndexOf((byte)0);
            var value = Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
            body = end < 0 ? [] : text[(end + 1)..];
            switch (field)
            {
                case 'S':
                    severity = value;
                    break;
                case 'V':
                    invariantSeverity = value;
                    break;
                case 'C':
                    state = value;
                    break;
                case 'M':
                    message = value;
                    break;
            }
        }

        severity ??= "ERROR";
        return new PostgresException(message ?? "the server gave no reason", severity, invariantSeverity ?? severity, state ?? UnknownState);
    }
}
