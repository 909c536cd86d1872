using System.Net;
using System.Net.Sockets;
using System.Text;
using Backup.Core.Postgres.Wire;
using Npgsql;

namespace Backup.Core.Tests.Postgres.Wire;

/// <summary>Sends given bytes after each message of the client, whatever that says, and closes after the last.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[]? _trickle;
    private readonly Task _run;

    /// <param name="answers">The bytes to send in turn; <see langword="null"/> is silence for ever.</param>
    public ScriptedServer(params byte[]?[] answers)
        : this(trickle: null, answers)
    {
    }

    private ScriptedServer(byte[]? trickle, byte[]?[] answers)
    {
        _trickle = trickle;
        _listener.Start();
        _run = RunAsync(answers);
    }

    /// <summary>AuthenticationOk, BackendKeyData and ReadyForQuery: what a server that trusts everyone says at first.</summary>
    public static byte[] Welcome { get; } =
    [
        .. MessageReaderTests.Message('R', [0, 0, 0, 0]), .. MessageReaderTests.Message('K', [0, 0, 0, 7, 0, 0, 0, 8]), .. Ready,
    ];

    public static byte[] Ready => MessageReaderTests.Message('Z', "T"u8);

    public static byte[] Complete => MessageReaderTests.Message('C', "X\0"u8);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The client has closed its side.</summary>
    public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A server that after its answers sends the same bytes again and again, slowly, and heeds nothing.</summary>
    public static ScriptedServer Trickling(byte[] trickle, params byte[]?[] answers) => new(trickle, answers);

    public WireTarget Target(WireLimits? limits = null, TimeSpan? connectTimeout = null, SslMode sslMode = SslMode.Disable) =>
        Target(Port, limits, connectTimeout, sslMode);

    public static WireTarget Target(
        int port, WireLimits? limits = null, TimeSpan? connectTimeout = null, SslMode sslMode = SslMode.Disable) => new()
        {
            Host = "127.0.0.1",
            Port = port,
            Username = "me",
            FindPassword = () => "secret",
            Parameters = [KeyValuePair.Create("user", "me")],
            SslMode = sslMode,
            ConnectTimeout = connectTimeout ?? TimeSpan.FromSeconds(30),
            Limits = limits ?? new WireLimits(),
        };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _run;
        _stop.Dispose();
    }

    internal static byte[] Error(string state, string severity = "ERROR") =>
        MessageReaderTests.Message('E', [.. Encoding.UTF8.GetBytes($"S{severity}\0V{severity}\0C{state}\0Mit went wrong\0"), 0]);

    private async Task RunAsync(byte[]?[] answers)
    {
        try
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            var stream = client.GetStream();
            var received = new byte[64 * 1024];
            foreach (var answer in answers)
            {
                if (await stream.ReadAsync(received, _stop.Token) == 0)
                    break;
                if (answer is null)
                    break;
                await stream.WriteAsync(answer, _stop.Token);
            }

            while (_trickle is not null)
            {
                await stream.WriteAsync(_trickle, _stop.Token);
                await Task.Delay(Pace, _stop.Token);
            }

            if (answers[^1] is not null)
                client.Client.Shutdown(SocketShutdown.Send);
            while (await stream.ReadAsync(received, _stop.Token) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The client has gone, or the test is over.
        }
        finally
        {
            Closed.TrySetResult();
        }
    }
}
