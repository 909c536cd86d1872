using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Backup.Core.Postgres.Wire;

/// <summary>Writes the client's messages.</summary>
/// <remarks>See <see href="https://www.postgresql.org/docs/current/protocol-message-formats.html"/>.</remarks>
internal static class FrontendMessage
{
    private const int ProtocolVersion = 3 << 16;
    private const int CancelRequestCode = (1234 << 16) | 5678;
    private const int SslRequestCode = (1234 << 16) | 5679;
    private const byte Untyped = 0;

    /// <summary>Asks for TLS.</summary>
    public static byte[] SslRequest() => Write(Untyped, body => Append(body, SslRequestCode));

    /// <summary>Asks to stop what a connection does; sent over a connection of its own.</summary>
    public static byte[] CancelRequest(int processId, int secretKey) => Write(Untyped, body =>
    {
        Append(body, CancelRequestCode);
        Append(body, processId);
        Append(body, secretKey);
    });

    /// <summary>Begins a session.</summary>
    public static byte[] Startup(IEnumerable<KeyValuePair<string, string>> parameters) => Write(Untyped, body =>
    {
        Append(body, ProtocolVersion);
        foreach (var (name, value) in parameters)
        {
            Append(body, name);
            Append(body, value);
        }

        body.Write("\0"u8);
    });

    /// <summary>Runs statements by the simple query protocol.</summary>
    public static byte[] Query(string statements) => Write((byte)'Q', body => Append(body, statements));

    /// <summary>A password, or what stands for it.</summary>
    public static byte[] Password(string password) => Write((byte)'p', body => Append(body, password));

    /// <summary>Begins a SASL exchange.</summary>
    public static byte[] SaslInitialResponse(string mechanism, string data) => Write((byte)'p', body =>
    {
        Append(body, mechanism);
        Append(body, Encoding.UTF8.GetByteCount(data));
        body.Write(Encoding.UTF8.GetBytes(data));
    });

    /// <summary>Goes on with a SASL exchange.</summary>
    public static byte[] SaslResponse(string data) => Write((byte)'p', body => body.Write(Encoding.UTF8.GetBytes(data)));

    /// <summary>Ends a session.</summary>
    public static byte[] Terminate() => Write((byte)'X', _ => { });

    private static byte[] Write(byte type, Action<ArrayBufferWriter<byte>> writeBody)
    {
        var message = new ArrayBufferWriter<byte>();
        if (type != Untyped)
            message.Write((ReadOnlySpan<byte>)[type]);
        var lengthAt = message.WrittenCount;
        Append(message, 0);
        writeBody(message);
        var bytes = message.WrittenSpan.ToArray();

        // The length counts itself, but not the type.
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(lengthAt), bytes.Length - lengthAt);
        return bytes;
    }

    private static void Append(ArrayBufferWriter<byte> body, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(body.GetSpan(sizeof(int)), value);
        body.Advance(sizeof(int));
    }

    private static void Append(ArrayBufferWriter<byte> body, string text)
    {
        body.Write(Encoding.UTF8.GetBytes(text));
        body.Write("\0"u8);
    }
}
