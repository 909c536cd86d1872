using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Backup.TestKit.Tools;

namespace Backup.TestKit.PostgreSql;

/// <summary>The shell that runs one server as long as this process lives, and what it has written lately.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int LinesKept = 100;
    // Mostly for the removal of the folder: that of a large cluster takes a while on a busy disk.
    private static readonly TimeSpan StopTimeLimit = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> _lines = new();

    private ServerProcess(ProcessStartInfo info)
    {
        _process = new Process { StartInfo = info };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
    }

    /// <summary>Whether the server gave up because something else listens on its port.</summary>
    public bool PortWasTaken => Log.Contains("could not bind", StringComparison.Ordinal);

    private string Log
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public static ServerProcess Start(
        PostgresBinaries binaries, IReadOnlyList<string> prefix, PostgresServerOptions options, int port)
    {
        string[] command =
        [
            .. prefix, "/bin/sh", "-c", Script(), "run-postgres", RootFolder(), binaries.Directory, LocaleName(),
            options.Password is null ? "trust" : options.PasswordMethod, .. ServerArguments(options, port),
        ];
        var info = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        info.Environment["BACKUP_TEST_PASSWORD"] = options.Password;
        info.Environment["BACKUP_TEST_TLS_CERTIFICATE"] = options.Tls?.Certificate;
        info.Environment["BACKUP_TEST_TLS_KEY"] = options.Tls?.Key;
        info.Environment["BACKUP_TEST_STANDBY"] = options.IsStandby ? "1" : null;
        info.Environment["LC_ALL"] = "C";
        foreach (var variable in info.Environment.Keys.Where(key => key.StartsWith("PG", StringComparison.Ordinal)).ToArray())
        {
            info.Environment.Remove(variable);
        }

        var server = new ServerProcess(info);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Returns once the server accepts connections.</summary>
    public async Task WaitUntilReadyAsync(TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ended = _process.WaitForExitAsync(stop.Token);
        try
        {
            if (await Task.WhenAny(_ready.Task, ended).WaitAsync(timeLimit, cancellationToken) != _ready.Task)
            {
                throw new ToolException($"PostgreSQL did not start:\n{Log}");
            }
        }
        catch (TimeoutException exception)
        {
            throw new ToolException($"PostgreSQL was not ready within {timeLimit}:\n{Log}", exception);
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Closing its input tells the shell to stop the server and to remove the cluster.
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

    private static IEnumerable<string> ServerArguments(PostgresServerOptions options, int port)
    {
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["fsync"] = "off",
            ["synchronous_commit"] = "off",
            ["full_page_writes"] = "off",
            ["max_wal_size"] = "2GB",
            ["shared_buffers"] = "128MB",
            ["max_connections"] = "200",
            // Publications are part of what is backed up.
            ["wal_level"] = "logical",
            ["timezone"] = "UTC",
            ["lc_messages"] = "C",
        };
        if (options.Tls is not null)
        {
            // Beside the data folder, which the server starts from.
            settings["ssl"] = "on";
            settings["ssl_cert_file"] = "../server.crt";
            settings["ssl_key_file"] = "../server.key";
        }

        foreach (var (name, value) in options.Settings)
        {
            settings[name] = value;
        }

        return settings.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" });
    }

    // Below /tmp for root, because its own TMPDIR may be closed to the user that the server runs as.
    private static string RootFolder() => Path.Combine(
        Environment.IsPrivilegedProcess ? "/tmp" : Path.GetTempPath(), $"backup-postgres-{Guid.NewGuid():N}");

    // macOS has no C.UTF-8; musl takes any name.
    private static string LocaleName() => OperatingSystem.IsMacOS() ? "en_US.UTF-8" : "C.UTF-8";

    private static string Script()
    {
        using var stream = Assembly.GetExecutingAssembly()
            .GetManifestResourceStream(typeof(ServerProcess), "run-postgres.sh")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesKept)
            {
                _lines.Dequeue();
            }
        }

        // "connections" of a primary server, "read-only connections" of a standby.
        if (line.Contains("database system is ready to accept", StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }
}
