using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Backup.Core.IntegrationTests.Postgres;

/// <summary>What a <see cref="FaultyProxy"/> does with bytes that come from the server.</summary>
internal enum ProxyFault
{
    None,

    /// <summary>Passes nothing any more over any connection, and answers no new one, as a network that is gone.</summary>
    Stall,

    /// <summary>Resets the connection; others go on, and new ones are passed on.</summary>
    Cut,
}

/// <summary>Stands between a client and a server on loopback, passes everything on, and goes wrong where the test says so.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly int _serverPort;
    private readonly Task _run;
    private volatile bool _isStalled;
    private int _open;
    private int _accepted;
    private int _faults;

    public FaultyProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _run = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Asked before bytes of the server are passed on.</summary>
    public Func<ProxiedConnection, ProxyFault> Decide { get; set; } = _ => ProxyFault.None;

    /// <summary>The number, from 1, of the first connection that gets no answer, as none after it does.</summary>
    public int StallsConnectionsFrom { get; set; } = int.MaxValue;

    /// <summary>How many connections the client holds open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>How many connections there were.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>How often it went wrong.</summary>
    public int Faults => Volatile.Read(ref _faults);

    public void Stall() => _isStalled = true;

    /// <summary>Waits until the client has closed every connection.</summary>
    public async Task UntilClosedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Open > 0)
            await tick.WaitForNextTickAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _run;
        await Task.WhenAll(_connections.Keys);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _open);
                _connections.TryAdd(PassAsync(client, Interlocked.Increment(ref _accepted) >= StallsConnectionsFrom), true);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task PassAsync(TcpClient accepted, bool isMute)
    {
        using var client = accepted;
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _serverPort, _stop.Token);
            var connection = new ProxiedConnection { IsMute = isMute };
            var toServer = CopyAsync(client.GetStream(), server.GetStream(), bytes => connection.AddSent(bytes.Span), connection: null, client);
            var toClient = CopyAsync(server.GetStream(), client.GetStream(), bytes => connection.AddReceived(bytes.Length), connection, client);

            // The client's end is what is waited for: a client that lets go closes its socket, which is seen here also when stalled.
            await toServer;
            server.Close();
            await toClient;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The server or the test is gone.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task CopyAsync(
        NetworkStream from, NetworkStream to, Action<ReadOnlyMemory<byte>> note, ProxiedConnection? connection, TcpClient client)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int count; (count = await from.ReadAsync(buffer, _stop.Token)) > 0;)
            {
                note(buffer.AsMemory(0, count));
                switch (connection is null ? ProxyFault.None : Decide(connection))
                {
                    case ProxyFault.Stall:
                        Interlocked.Increment(ref _faults);
                        _isStalled = true;
                        break;
                    case ProxyFault.Cut:
                        Interlocked.Increment(ref _faults);
                        client.Client.Close(0);
                        return;
                    default:
                        break;
                }

                // What comes while it is stalled is read and lost, so that the end of a connection is seen.
                if (!_isStalled && connection is not { IsMute: true })
                    await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }

            if (connection is not null && !_isStalled)
                client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException or SocketException)
        {
            // One side has ended.
        }
    }
}

/// <summary>One connection through a <see cref="FaultyProxy"/>, and what has passed over it.</summary>
internal sealed class ProxiedConnection
{
    private const int KeptCharacters = 256 * 1024;

    private readonly StringBuilder _sent = new();
    private readonly Lock _gate = new();

    /// <summary>Whether the client gets nothing of what the server sends.</summary>
    public bool IsMute { get; init; }

    /// <summary>The bytes from the server since the client last sent a COPY; 0 before the first.</summary>
    public long BytesOfCopy { get; private set; }

    /// <summary>Whether the client has sent a text.</summary>
    public bool HasSent(string text)
    {
        lock (_gate)
        {
            return _sent.ToString().Contains(text, StringComparison.Ordinal);
        }
    }

    public void AddSent(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        lock (_gate)
        {
            _sent.Append(text);
            if (_sent.Length > KeptCharacters)
                _sent.Remove(0, _sent.Length - KeptCharacters);
            if (text.Contains("COPY ", StringComparison.Ordinal))
                BytesOfCopy = 0;
        }
    }

    public void AddReceived(int bytes)
    {
        if (HasSent("COPY "))
            BytesOfCopy += bytes;
    }
}
