using System.Buffers.Binary;
using System.Text;

namespace Backup.Core.Postgres.Wire;

/// <summary>Reads a DataRow whose values are text.</summary>
internal static class DataRow
{
    /// <summary>The values of a message's body; NULL as empty text.</summary>
    /// <exception cref="ProtocolException">The lengths do not add up.</exception>
    public static string[] Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var values = new string[BinaryPrimitives.ReadUInt16BigEndian(body)];
            body = body[sizeof(ushort)..];
            for (var i = 0; i < values.Length; i++)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(body);
                body = body[sizeof(int)..];
                values[i] = length < 0 ? string.Empty : Encoding.UTF8.GetString(body[..length]);
                body = body[Math.Max(length, 0)..];
            }

            return values;
        }
        catch (ArgumentOutOfRangeException)
        {
            throw ProtocolException.Malformed("row");
        }
    }
}
