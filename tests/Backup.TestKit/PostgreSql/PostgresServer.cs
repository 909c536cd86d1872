using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Backup.TestKit.Tools;
using Npgsql;

namespace Backup.TestKit.PostgreSql;

/// <summary>
/// A private PostgreSQL cluster on a free loopback port, gone when disposed or when this process ends in any way.
/// It trades durability for speed: a crash of the machine may lose it. Safe to use from several threads.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const int Attempts = 3;
    private readonly ServerProcess _process;
    private readonly string? _password;
    private int _databases;

    private PostgresServer(ServerProcess process, PostgresBinaries binaries, int port, string? password)
    {
        _process = process;
        _password = password;
        BinaryDirectory = binaries.Directory;
        Major = binaries.Major;
        Port = port;
    }

    /// <summary>Folder of <c>postgres</c> and <c>initdb</c>; not every build has the client programs beside them.</summary>
    public string BinaryDirectory { get; }

    /// <summary>Major version of the server.</summary>
    public int Major { get; }

    /// <summary>Port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Finds or installs the binaries, makes a cluster and waits until it accepts connections.</summary>
    /// <exception cref="ToolException">No server could be found or started; the message holds its own words.</exception>
    public static async Task<PostgresServer> StartAsync(
        PostgresServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new ToolException("A private PostgreSQL is run by a POSIX shell. On Windows, run this inside WSL.");
        }

        options ??= new PostgresServerOptions();
        var binaries = await PostgresBinaries.FindAsync(options.Major, cancellationToken);
        var prefix = await UnprivilegedUser.PrefixAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            var process = ServerProcess.Start(binaries, prefix, options, port);
            try
            {
                await process.WaitUntilReadyAsync(options.StartTimeLimit, cancellationToken);
                return new PostgresServer(process, binaries, port, options.Password);
            }
            catch (ToolException) when (attempt < Attempts && process.PortWasTaken)
            {
                // Another process was faster to bind the port that was free a moment ago.
                await process.DisposeAsync();
            }
            catch
            {
                await process.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>An Npgsql connection string of the superuser <c>postgres</c>.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = IPAddress.Loopback.ToString(),
        Port = Port,
        Username = "postgres",
        Password = _password,
        Database = database,
        IncludeErrorDetail = true,
        // Pools keep connections open, and a database with connections can be neither dropped nor copied.
        Pooling = false,
    }.ConnectionString;

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its name; see <see cref="ConnectionString"/>.</returns>
    public async Task<string> CreateDatabaseAsync(DatabaseOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new DatabaseOptions();
        var name = options.Name
            ?? string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        var sql = $"CREATE DATABASE {Quote(name)} TEMPLATE {Quote(options.Template)}"
            + (options.Encoding is null ? "" : $" ENCODING '{options.Encoding}'")
            + (options.Locale is null ? "" : $" LC_COLLATE '{options.Locale}' LC_CTYPE '{options.Locale}'");
        await ExecuteAsync("postgres", sql, cancellationToken);
        return name;
    }

    /// <summary>Drops a database together with the sessions in it.</summary>
    public Task DropDatabaseAsync(string name, CancellationToken cancellationToken = default) =>
        ExecuteAsync("postgres", $"DROP DATABASE IF EXISTS {Quote(name)} WITH (FORCE)", cancellationToken);

    /// <summary>Runs SQL as the superuser, without parameters.</summary>
    public async Task ExecuteAsync(string database, string sql, CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
