using System.Net;
using System.Net.Sockets;

namespace Backup.Core.IntegrationTests.Postgres;

/// <summary>Passes a few connections on to a server and drops every further one, as a pooler does that knows no cancel requests.</summary>
internal sealed class LimitedRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private long _bytesPassed;
    private volatile bool _isStalled;

    public LimitedRelay(int serverPort, int connections)
    {
        _listener.Start();
        _run = RunAsync(serverPort, connections);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The bytes passed from the server to the client.</summary>
    public long BytesPassed => Interlocked.Read(ref _bytesPassed);

    /// <summary>Passes nothing any more and takes no part in new connections, as a network that is gone.</summary>
    public void Stall() => _isStalled = true;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _run;
        _stop.Dispose();
    }

    private async Task RunAsync(int serverPort, int connections)
    {
        var tasks = new List<Task>();
        try
        {
            while (tasks.Count < connections)
                tasks.Add(PassAsync(await _listener.AcceptTcpClientAsync(_stop.Token), serverPort));
            tasks.Add(DropOthersAsync());
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }

        await Task.WhenAll(tasks);
    }

    private async Task PassAsync(TcpClient accepted, int serverPort)
    {
        using var client = accepted;
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, serverPort);
        var toServer = CopyAsync(client.GetStream(), server.GetStream(), isCounted: false);
        var toClient = CopyAsync(server.GetStream(), client.GetStream(), isCounted: true);
        await Task.WhenAny(toServer, toClient);
        client.Close();
        server.Close();
        await Task.WhenAll(toServer, toClient);
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, bool isCounted)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            for (int count; (count = await from.ReadAsync(buffer, _stop.Token)) > 0;)
            {
                if (isCounted)
                    Interlocked.Add(ref _bytesPassed, count);
                if (_isStalled)
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // One side has ended.
        }
    }

    private async Task DropOthersAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var other = await _listener.AcceptTcpClientAsync(_stop.Token);
                if (_isStalled)
                    await Task.Delay(Timeout.Infinite, _stop.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }
}
