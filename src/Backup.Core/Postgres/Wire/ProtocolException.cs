using System.Globalization;

namespace Backup.Core.Postgres.Wire;

/// <summary>The peer does not speak PostgreSQL's protocol. Handled as a connection that fails.</summary>
internal sealed class ProtocolException(string message) : IOException(message)
{
    /// <summary>A message came that has no place here.</summary>
    public static ProtocolException Unexpected(byte type, string state) => new(type is > 0x20 and < 0x7F
        ? $"the server sent a message of type '{(char)type}' {state}"
        : string.Create(CultureInfo.InvariantCulture, $"the server sent a message of type 0x{type:x2} {state}"));

    /// <summary>A message ends too soon, or does not add up.</summary>
    public static ProtocolException Malformed(string message) => new($"the server sent a malformed {message}");
}
