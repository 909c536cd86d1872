using Backup.TestKit;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Workloads;

namespace Backup.Core.Benchmarks.Setup;

/// <summary>
/// The servers that all benchmarks of one command use. They run beside the processes that are measured, and are made once:
/// a benchmark's process finds them by environment variables.
/// </summary>
internal sealed class SharedServers : IAsyncDisposable
{
    private const string MixedVariable = "BACKUP_BENCHMARK_MIXED";
    private const string LinkedVariable = "BACKUP_BENCHMARK_LINKED";
    private const string SmallVariable = "BACKUP_BENCHMARK_SMALL";
    private const long MixedBytes = 64L * 1024 * 1024;
    private const long LinkedBytes = 16L * 1024 * 1024;

    /// <summary>The tables of <see cref="Small"/>.</summary>
    public const int SmallTables = 1_000;

    private readonly PostgresServer _postgres;
    private readonly SharedStorage _storage;
    private readonly TemporaryFolder _folder;

    private SharedServers(PostgresServer postgres, SharedStorage storage, TemporaryFolder folder)
    {
        _postgres = postgres;
        _storage = storage;
        _folder = folder;
    }

    /// <summary>Connection string of the database that backups read, 64 MiB of rows; see <see cref="MixedDatabase"/>.</summary>
    public static string Mixed => Read(MixedVariable);

    /// <summary>Connection string of the database that restores bring back, 16 MiB of rows; see <see cref="LinkedDatabase"/>.</summary>
    public static string Linked => Read(LinkedVariable);

    /// <summary>Connection string of the database of many small tables.</summary>
    public static string Small => Read(SmallVariable);

    /// <summary>Starts the servers and fills them.</summary>
    public static async Task<SharedServers> StartAsync()
    {
        var folder = new TemporaryFolder();
        CaseFacts.UseFolder(folder.Path);
        var postgres = await PostgresServer.StartAsync();
        await FillAsync(postgres, MixedVariable, "mixed", text => MixedDatabase.FillAsync(text, MixedBytes));
        await FillAsync(postgres, LinkedVariable, "linked", text => LinkedDatabase.FillAsync(text, LinkedBytes));
        await FillAsync(postgres, SmallVariable, "small", text => TestKit.Workloads.SmallTables.FillAsync(text, SmallTables));
        return new SharedServers(postgres, await SharedStorage.StartAsync(postgres), folder);
    }

    /// <summary>What the program has told this process.</summary>
    public static string Read(string variable) => Environment.GetEnvironmentVariable(variable)
        ?? throw new InvalidOperationException($"{variable} is not set: start benchmarks by this project's program.");

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        await _postgres.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task FillAsync(PostgresServer server, string variable, string name, Func<string, Task> fill)
    {
        var text = server.ConnectionString(await server.CreateDatabaseAsync(new DatabaseOptions { Name = name }));
        await fill(text);
        Environment.SetEnvironmentVariable(variable, text);
    }
}
