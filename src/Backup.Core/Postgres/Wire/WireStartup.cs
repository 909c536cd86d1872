using System.Buffers.Binary;
using System.Net;
using Npgsql;

namespace Backup.Core.Postgres.Wire;

/// <summary>Connects, agrees on TLS and authenticates, until the server waits for statements. Blocking.</summary>
/// <remarks>See <see href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP"/>.</remarks>
internal static class WireStartup
{
    private const byte TlsConsent = (byte)'S';
    private const byte TlsRefusal = (byte)'N';
    private const int KeyDataBytes = 2 * sizeof(int);

    /// <summary>Opens a session with the server.</summary>
    /// <exception cref="PostgresException">The server refuses it.</exception>
    /// <exception cref="IOException">The network fails, or the server does not speak the protocol.</exception>
    /// <exception cref="UncoveredAuthenticationException">The server asks for something else than a password.</exception>
    public static WireSession Open(WireTarget target, IReadOnlyList<EndPoint> endPoints, CancellationToken cancellationToken)
    {
        var isEncrypted = false;
        try
        {
            return Open(target, endPoints, target.SslMode, ref isEncrypted, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidAuthorizationSpecification
            && (target.SslMode == SslMode.Allow || (target.SslMode == SslMode.Prefer && isEncrypted)))
        {
            // pg_hba.conf may want the one or the other.
            var other = target.SslMode == SslMode.Allow ? SslMode.Require : SslMode.Disable;
            return Open(target, endPoints, other, ref isEncrypted, cancellationToken);
        }
    }

    /// <summary>Begins TLS if the server offers it.</summary>
    /// <exception cref="NpgsqlException">It does not, and it must.</exception>
    public static void Encrypt(WireLink link, WireTarget target, bool isRequired)
    {
        if (!target.IsTlsDirect)
        {
            link.Send(FrontendMessage.SslRequest());

            // Read alone: what comes after the consent is TLS, and anything before it was put there by someone in between.
            Span<byte> answer = stackalloc byte[1];
            link.Stream.ReadExactly(answer);
            if (answer[0] == TlsRefusal && !isRequired)
                return;
            if (answer[0] == TlsRefusal)
                throw new NpgsqlException("SSL connection requested. No SSL enabled connection from this host is configured.");
            if (answer[0] != TlsConsent)
                throw ProtocolException.Unexpected(answer[0], "in answer to the request for TLS");
        }

        link.Encrypt(target);
    }

    private static WireSession Open(
        WireTarget target, IReadOnlyList<EndPoint> endPoints, SslMode mode, ref bool isEncrypted, CancellationToken cancellationToken)
    {
        var link = WireLink.Connect(target, endPoints, cancellationToken);
        try
        {
            using var stop = cancellationToken.UnsafeRegister(static link => ((WireLink)link!).Close(), link);
            if (mode is not (SslMode.Disable or SslMode.Allow))
                Encrypt(link, target, isRequired: mode != SslMode.Prefer);
            isEncrypted = link.IsEncrypted;
            link.Send(FrontendMessage.Startup(target.Parameters));
            var messages = new MessageReader(link.Stream, link.Gather);
            new Authentication(link, messages, target).Run();
            return AwaitReady(link, messages);
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    private static WireSession AwaitReady(WireLink link, MessageReader messages)
    {
        var (processId, secretKey) = (0, 0);
        while (true)
        {
            var type = messages.ReadReply();
            switch (type)
            {
                case MessageType.BackendKeyData:
                    // Some servers and poolers send none: then nothing can be cancelled there.
                    if (messages.ReadBody() is { Length: KeyDataBytes } key)
                        (processId, secretKey) = (BinaryPrimitives.ReadInt32BigEndian(key), BinaryPrimitives.ReadInt32BigEndian(key[sizeof(int)..]));
                    break;
                case MessageType.ReadyForQuery:
                    return new WireSession(link, messages, processId, secretKey);
                case MessageType.ErrorResponse:
                    throw ServerFault.Read(messages.ReadBodyStart());
                default:
                    throw ProtocolException.Unexpected(type, "before it was ready");
            }
        }
    }
}
