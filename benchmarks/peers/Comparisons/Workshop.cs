using System.Globalization;
using Backup.Core.Peers.Measuring;
using Backup.Core.Peers.Tools;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Tools;

namespace Backup.Core.Peers.Comparisons;

/// <summary>The server that the programs are measured with, and its databases, each made when it is first asked for.</summary>
/// <remarks>For one comparison after another.</remarks>
internal sealed class Workshop : IAsyncDisposable
{
    // Larger databases are dropped before the next is made: disks are finite.
    private const long KeptBytes = 20_000_000_000;

    private static readonly TimeSpan ProgramTimeLimit = TimeSpan.FromHours(1);

    private readonly PostgresServer _server;
    private readonly Dictionary<string, long> _databases = new(StringComparer.Ordinal);

    private Workshop(
        PeersOptions options,
        PostgresServer server,
        PostgresPrograms programs,
        BackupCoreTool tool,
        ServerProcessors processors,
        string machine)
    {
        Options = options;
        Tool = tool;
        Postgres = programs;
        Processors = processors;
        Machine = machine;
        _server = server;
    }

    /// <summary>What was asked for.</summary>
    public PeersOptions Options { get; }

    /// <summary>The server's own programs.</summary>
    public PostgresPrograms Postgres { get; }

    /// <summary>The tool of this repository.</summary>
    public BackupCoreTool Tool { get; }

    /// <summary>What the server takes.</summary>
    public ServerProcessors Processors { get; }

    /// <summary>The machine in one line.</summary>
    public string Machine { get; }

    /// <summary>Starts the server.</summary>
    public static async Task<Workshop> OpenAsync(PeersOptions options, CancellationToken cancellationToken)
    {
        options.Output.WriteLine("Building the tool …");
        var tool = await BackupCoreTool.BuildAsync(cancellationToken);
        var server = await PostgresServer.StartAsync(
            new PostgresServerOptions
            {
                // A dump of thousands of tables locks all of them and their indexes.
                Settings = new Dictionary<string, string> { ["max_locks_per_transaction"] = "512" },
            },
            cancellationToken);
        try
        {
            var programs = await PostgresPrograms.FindAsync(server.Major, cancellationToken);
            var processors = await ServerProcessors.FindAsync(server.ConnectionString("postgres"), cancellationToken);
            var machine = await MachineFacts.DescribeAsync(cancellationToken);
            return new Workshop(
                options,
                server,
                programs,
                tool,
                processors,
                string.Create(CultureInfo.InvariantCulture, $"{machine}, PostgreSQL {server.Major} on the same machine"));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A filled database.</summary>
    /// <param name="name">Its name, which stands for its content and size.</param>
    /// <param name="bytes">The size of its rows.</param>
    /// <param name="fill">Fills it; called only when there is none of that name yet.</param>
    /// <param name="cancellationToken">Cancels the filling.</param>
    /// <returns>Its connection string.</returns>
    public async Task<string> DatabaseAsync(
        string name, long bytes, Func<string, Task> fill, CancellationToken cancellationToken)
    {
        if (!_databases.TryGetValue(name, out _))
        {
            await MakeRoomAsync(bytes, cancellationToken);
            Options.Output.WriteLine($"Making the database {name} …");
            await _server.CreateDatabaseAsync(new DatabaseOptions { Name = name }, cancellationToken);
            await fill(_server.ConnectionString(name));
            _databases[name] = bytes;
        }

        return _server.ConnectionString(name);
    }

    /// <summary>An empty database in place of an older one of the same name.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> EmptyDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        await _server.DropDatabaseAsync(name, cancellationToken);
        await _server.CreateDatabaseAsync(new DatabaseOptions { Name = name }, cancellationToken);
        return _server.ConnectionString(name);
    }

    /// <summary>A copy of a database in place of an older one of the same name.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CopyDatabaseAsync(string name, string template, CancellationToken cancellationToken)
    {
        Options.Output.WriteLine($"Copying the database {template} …");
        await _server.DropDatabaseAsync(name, cancellationToken);
        await _server.CreateDatabaseAsync(new DatabaseOptions { Name = name, Template = template }, cancellationToken);
        return _server.ConnectionString(name);
    }

    /// <summary>Runs a program that is not measured.</summary>
    /// <exception cref="ToolException">It failed.</exception>
    public async Task RunAsync(ToolCommand command, CancellationToken cancellationToken) =>
        (await ExternalTool.RunAsync(command with { TimeLimit = ProgramTimeLimit }, cancellationToken)).EnsureSuccess();

    /// <summary>Fills a folder with links to the files of another: what is written beside them leaves them as they are.</summary>
    public Task LinkAsync(string source, string target, CancellationToken cancellationToken) =>
        RunAsync(new ToolCommand("cp", "-rl", Path.Combine(source, "."), target), cancellationToken);

    /// <summary>An empty folder for files that are packed or restored from; the caller deletes it.</summary>
    public string Folder(string name)
    {
        var folder = Path.Combine(Options.WorkFolder, name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return Directory.CreateDirectory(folder).FullName;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task MakeRoomAsync(long bytes, CancellationToken cancellationToken)
    {
        if (_databases.Values.Sum() + bytes <= KeptBytes)
        {
            return;
        }

        foreach (var name in _databases.Keys)
        {
            await _server.DropDatabaseAsync(name, cancellationToken);
        }

        _databases.Clear();
    }
}
