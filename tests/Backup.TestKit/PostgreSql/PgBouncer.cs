using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Backup.TestKit.Tools;
using Npgsql;

namespace Backup.TestKit.PostgreSql;

/// <summary>A private PgBouncer before a <see cref="PostgresServer"/>, gone when disposed or when this process ends.</summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StopTimeLimit = TimeSpan.FromSeconds(10);

    // Standard input stays open as long as this process lives: the pooler never outlives it.
    private const string Script =
        """
        umask 077
        mkdir "$2" && cd "$2" || exit 1
        trap 'cd / && rm -rf "$2"' EXIT
        printf '%s' "$CONFIG" > pgbouncer.ini
        exec 3<&0
        "$1" -q pgbouncer.ini </dev/null 3<&- &
        pooler=$!
        { read -r _ <&3; kill -INT "$pooler" 2>/dev/null; } &
        exec 3<&-
        wait "$pooler"
        """;

    private readonly Process _process;

    private PgBouncer(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts a pooler and waits until it accepts connections.</summary>
    /// <param name="server">The server that it passes connections on to.</param>
    /// <param name="poolSize">The connections to the server that it shares out.</param>
    /// <param name="mode">Its <c>pool_mode</c>: <c>transaction</c>, <c>session</c> or <c>statement</c>.</param>
    /// <exception cref="ToolException">It is missing, or did not start.</exception>
    public static async Task<PgBouncer> StartAsync(PostgresServer server, int poolSize, string mode = "transaction")
    {
        var program = await ExternalTool.FindAsync("pgbouncer");
        var prefix = await UnprivilegedUser.PrefixAsync(CancellationToken.None);
        var port = FreePort();
        // Not below root's own TMPDIR, which the user that runs the pooler may not enter.
        var folder = Path.Combine("/tmp", $"backup-pgbouncer-{Guid.NewGuid():N}");
        string[] command = [.. prefix, "/bin/sh", "-c", Script, "run-pgbouncer", program, folder];
        var info = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, WorkingDirectory = "/" };
        info.Environment["CONFIG"] = Configuration(server, port, poolSize, mode);
        var pooler = new PgBouncer(Process.Start(info)!, port);
        await pooler.WaitUntilReadyAsync();
        return pooler;
    }

    /// <summary>An Npgsql connection string through the pooler.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = IPAddress.Loopback.ToString(),
        Port = Port,
        Username = "postgres",
        Database = database,
    }.ConnectionString;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var timeLimit = new CancellationTokenSource(StopTimeLimit);
        try
        {
            await _process.WaitForExitAsync(timeLimit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static string Configuration(PostgresServer server, int port, int poolSize, string mode) => FormattableString.Invariant(
        $"""
        [databases]
        * = host=127.0.0.1 port={server.Port} user=postgres
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = {port}
        auth_type = any
        pool_mode = {mode}
        default_pool_size = {poolSize}
        unix_socket_dir =
        logfile = pgbouncer.log

        """);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitUntilReadyAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException exception)
            {
                if (_process.HasExited || Stopwatch.GetElapsedTime(started) > StartTimeLimit)
                    throw new ToolException($"pgbouncer did not start on port {Port}.", exception);
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
        }
    }
}
