using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Npgsql;

namespace Backup.Core.Postgres.Wire;

/// <summary>Answers the server's questions about who connects, once for a connection.</summary>
/// <remarks>See <see href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP"/>.</remarks>
internal sealed class Authentication
{
    private const int Ok = 0;
    private const int CleartextPassword = 3;
    private const int Md5 = 5;
    private const int Sasl = 10;
    private const int SaslContinue = 11;
    private const int SaslFinal = 12;
    private const int SaltBytes = 4;

    private static readonly Dictionary<int, string> Uncovered = new()
    {
        [2] = "Kerberos V5",
        [7] = "GSSAPI",
        [9] = "SSPI",
    };

    private readonly WireLink _link;
    private readonly MessageReader _messages;
    private readonly WireTarget _target;
    private bool _isAsked;
    private bool _isBound;

    /// <summary>Prepares for one connection.</summary>
    public Authentication(WireLink link, MessageReader messages, WireTarget target)
    {
        _link = link;
        _messages = messages;
        _target = target;
    }

    /// <summary>Goes on until the server is satisfied.</summary>
    /// <exception cref="PostgresException">It is not.</exception>
    /// <exception cref="UncoveredAuthenticationException">It asks for something else than a password.</exception>
    public void Run()
    {
        while (true)
        {
            var (kind, data) = ReadRequest();
            if (kind != Ok)
            {
                Answer(kind, data);
                continue;
            }

            if (_target.ChannelBinding == ChannelBinding.Require && !_isBound)
                throw new ProtocolException("channel binding is required, and the server does without");
            return;
        }
    }

    private void Answer(int kind, ReadOnlySpan<byte> data)
    {
        if (Uncovered.TryGetValue(kind, out var name))
            throw new UncoveredAuthenticationException($"the server asks for authentication by {name}");
        if (_isAsked)
            throw ProtocolException.Malformed("dialogue: it asks twice for a proof of identity");

        _isAsked = true;
        switch (kind)
        {
            case Sasl:
                RunSasl(data);
                break;
            case CleartextPassword when _target.ChannelBinding != ChannelBinding.Require:
                _link.Send(FrontendMessage.Password(Password()));
                break;
            case Md5 when _target.ChannelBinding != ChannelBinding.Require && data.Length == SaltBytes:
                _link.Send(FrontendMessage.Password(Md5Password.Hash(_target.Username, Password(), data)));
                break;
            case CleartextPassword or Md5:
                throw new ProtocolException("channel binding is required, and the server asks for a proof of identity without");
            default:
                throw new UncoveredAuthenticationException(
                    string.Create(CultureInfo.InvariantCulture, $"the server asks for authentication by an unknown method ({kind})"));
        }
    }

    private void RunSasl(ReadOnlySpan<byte> mechanisms)
    {
        var offered = Encoding.ASCII.GetString(mechanisms).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var (mechanism, header, binding) = Choose(offered);
        var exchange = new ScramExchange(Password(), header, binding);
        _link.Send(FrontendMessage.SaslInitialResponse(mechanism, exchange.FirstMessage));
        _link.Send(FrontendMessage.SaslResponse(exchange.Answer(ReadSasl(SaslContinue))));
        exchange.Verify(ReadSasl(SaslFinal));
        _isBound = mechanism == ScramExchange.BoundMechanism;
    }

    // RFC 5802, section 6: "y" says that the client could bind and believes that the server cannot, "n" that it does not bind.
    private (string Mechanism, string Header, byte[] Binding) Choose(string[] offered)
    {
        var data = _target.ChannelBinding != ChannelBinding.Disable && _link.ServerCertificate is { } certificate
            ? TlsEndPointBinding.Find(certificate)
            : null;
        if (data is not null && offered.Contains(ScramExchange.BoundMechanism))
            return (ScramExchange.BoundMechanism, TlsEndPointBinding.Header, data);
        if (_target.ChannelBinding == ChannelBinding.Require)
            throw new ProtocolException("channel binding is required, and is not to be had with this server or its certificate");
        if (!offered.Contains(ScramExchange.Mechanism))
            throw new UncoveredAuthenticationException($"the server asks for authentication by {string.Join(" or ", offered)}");

        return (ScramExchange.Mechanism, data is null ? "n,," : "y,,", []);
    }

    private string ReadSasl(int expected)
    {
        var (kind, data) = ReadRequest();
        if (kind != expected)
            throw ProtocolException.Malformed("dialogue: its proof of identity is cut short");

        return Encoding.UTF8.GetString(data);
    }

    private Request ReadRequest()
    {
        while (true)
        {
            var type = _messages.ReadReply();
            switch (type)
            {
                case MessageType.Authentication:
                    var body = _messages.ReadBody();
                    if (body.Length < sizeof(int))
                        throw ProtocolException.Malformed("request for authentication");
                    return new Request(BinaryPrimitives.ReadInt32BigEndian(body), body[sizeof(int)..]);
                case MessageType.NegotiateProtocolVersion:
                    // A later minor version and extensions were not asked for, so there is nothing to agree on.
                    continue;
                case MessageType.ErrorResponse:
                    throw ServerFault.Read(_messages.ReadBodyStart());
                default:
                    throw ProtocolException.Unexpected(type, "before it knew who connects");
            }
        }
    }

    private string Password() => _target.FindPassword()
        ?? throw new NpgsqlException("No password has been provided but the backend requires one");

    private readonly ref struct Request(int kind, ReadOnlySpan<byte> data)
    {
        private readonly ReadOnlySpan<byte> _data = data;

        public void Deconstruct(out int outKind, out ReadOnlySpan<byte> outData)
        {
            outKind = kind;
            outData = _data;
        }
    }
}
