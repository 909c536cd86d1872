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
        var fields = new Dictionary<char, string>();
        while (body.Length > 1 && body[0] != 0)
        {
            var field = (char)body[0];
            var text = body[1..];
            var end = text.IndexOf((byte)0);
            fields.TryAdd(field, Encoding.UTF8.GetString(end < 0 ? text : text[..end]));
            body = end < 0 ? [] : text[(end + 1)..];
        }

        var severity = fields.GetValueOrDefault('S', "ERROR");
        return new PostgresException(
            fields.GetValueOrDefault('M', "the server gave no reason"),
            severity,
            fields.GetValueOrDefault('V', severity),
            fields.GetValueOrDefault('C', UnknownState),
            hint: fields.GetValueOrDefault('H'),
            schemaName: fields.GetValueOrDefault('s'),
            tableName: fields.GetValueOrDefault('t'),
            columnName: fields.GetValueOrDefault('c'),
            dataTypeName: fields.GetValueOrDefault('d'),
            constraintName: fields.GetValueOrDefault('n'),
            file: fields.GetValueOrDefault('F'),
            line: fields.GetValueOrDefault('L'),
            routine: fields.GetValueOrDefault('R'));
    }
}
