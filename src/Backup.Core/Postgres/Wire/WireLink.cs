using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Backup.Core.Postgres.Wire;

/// <summary>One socket to the server, with TLS or without. Blocking, one caller at a time; any thread may close it.</summary>
/// <remarks>
/// The socket is never used asynchronously: one that is stays non-blocking in .NET, and a blocking read of it costs two
/// more changes of thread. Closing ends whatever blocks.
/// </remarks>
internal sealed class WireLink : IDisposable
{
    // A quarter of what is received at once at the most.
    private const int GatheredBytes = 32 * 1024;
    private static readonly SslApplicationProtocol PostgresProtocol = new("postgresql");

    private readonly Socket _socket;
    private SslStream? _tls;

    private WireLink(Socket socket, EndPoint endPoint)
    {
        _socket = socket;
        EndPoint = endPoint;
        Stream = new NetworkStream(socket, ownsSocket: false);
    }

    /// <summary>Where it leads.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>The bytes, decrypted.</summary>
    public Stream Stream { get; private set; }

    /// <summary>Whether TLS is used.</summary>
    public bool IsEncrypted => _tls is not null;

    /// <summary>What the server showed; <see langword="null"/> without TLS.</summary>
    public X509Certificate? ServerCertificate => _tls?.RemoteCertificate;

    /// <summary>How long a read waits for bytes.</summary>
    public TimeSpan ReadTimeout
    {
        set => _socket.ReceiveTimeout = (int)value.TotalMilliseconds;
    }

    /// <summary>Connects to the first address that answers; each gets its part of the time.</summary>
    /// <exception cref="SocketException">None does; the last one's fault.</exception>
    public static WireLink Connect(WireTarget target, IReadOnlyList<EndPoint> endPoints, CancellationToken cancellationToken)
    {
        var limit = target.ConnectTimeout == Timeout.InfiniteTimeSpan ? target.ConnectTimeout : target.ConnectTimeout / endPoints.Count;
        for (var i = 0; ; i++)
        {
            try
            {
                return Connect(target.Socket, endPoints[i], limit, cancellationToken);
            }
            catch (SocketException) when (i < endPoints.Count - 1)
            {
                // Many hosts have an IPv6 address, and many networks no way to it.
            }
        }
    }

    /// <summary>Begins TLS. Nothing must have been read beyond the server's consent.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The server's certificate is not accepted.</exception>
    public void Encrypt(WireTarget target)
    {
        var tls = new SslStream(Stream, leaveInnerStreamOpen: true);
        try
        {
            tls.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = target.Host,
                ApplicationProtocols = [PostgresProtocol],
                CertificateRevocationCheckMode = ServerCertificateCheck.RevocationMode(target),
                RemoteCertificateValidationCallback = ServerCertificateCheck.For(target),
            });
            if (target.IsTlsDirect && tls.NegotiatedApplicationProtocol != PostgresProtocol)
                throw new ProtocolException("the server began TLS for another protocol than PostgreSQL's");
        }
        catch
        {
            tls.Dispose();
            throw;
        }

        _tls = tls;
        Stream = tls;
    }

    /// <summary>
    /// Lets a millisecond pass where little has arrived. A server sends rows in pieces of 8 KB, and to be woken for each of them costs the
    /// reader as much processor as all it does with the piece, and the server a change of process.
    /// </summary>
    public void Gather()
    {
        // There a millisecond can last sixteen, in which more is sent than a socket holds.
        if (OperatingSystem.IsWindows())
            return;

        try
        {
            if (_socket.Available < GatheredBytes)
            {
#pragma warning disable RS0030 // The thread is the connection's own and blocks anyway: to be woken here is what is to be saved.
                Thread.Sleep(1);
#pragma warning restore RS0030
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The read that follows says it better.
        }
    }

    /// <summary>Sends a message.</summary>
    public void Send(ReadOnlySpan<byte> message)
    {
        Stream.Write(message);
        Stream.Flush();
    }

    /// <summary>Closes the socket, from any thread: a read or write that blocks fails.</summary>
    public void Close() => _socket.Dispose();

    /// <summary>Frees everything; not while a read or write is under way.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        _tls?.Dispose();
    }

    private static WireLink Connect(WireSocketOptions options, EndPoint endPoint, TimeSpan limit, CancellationToken cancellationToken)
    {
        var isTcp = endPoint is IPEndPoint;
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, isTcp ? ProtocolType.Tcp : ProtocolType.Unspecified);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(limit);
        try
        {
            if (isTcp)
                Apply(options, socket);
            using (late.Token.UnsafeRegister(static socket => ((Socket)socket!).Dispose(), socket))
                socket.Connect(endPoint);
            return new WireLink(socket, endPoint);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw late.IsCancellationRequested || e is not SocketException ? new SocketException((int)SocketError.TimedOut) : e;
        }
    }

    private static void Apply(WireSocketOptions options, Socket socket)
    {
        socket.NoDelay = true;
        if (options.ReceiveBufferBytes > 0)
            socket.ReceiveBufferSize = options.ReceiveBufferBytes;
        if (options.SendBufferBytes > 0)
            socket.SendBufferSize = options.SendBufferBytes;
        if (!options.KeepAlive)
            return;

        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        if (options.KeepAliveSeconds > 0)
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, options.KeepAliveSeconds);
        if (options.KeepAliveIntervalSeconds > 0)
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, options.KeepAliveIntervalSeconds);
    }
}
