using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;
using Backup.TestKit.Storage.Mirror;
using Backup.TestKit.Workloads;

namespace Backup.Core.Benchmarks.Setup;

/// <summary>The Storage servers that all benchmarks of one command use: a near one, a far one, and one without list-v2.</summary>
internal sealed class SharedStorage : IAsyncDisposable
{
    /// <summary>The server that answers at once; its rows are in the database of <see cref="DatabaseVariable"/>.</summary>
    public const string NearVariable = "BACKUP_BENCHMARK_STORAGE_NEAR";

    /// <summary>The server whose downloads begin 30 ms late.</summary>
    public const string FarVariable = "BACKUP_BENCHMARK_STORAGE_FAR";

    /// <summary>The server that lists folder by folder only.</summary>
    public const string OldVariable = "BACKUP_BENCHMARK_STORAGE_OLD";

    /// <summary>The database with the rows of the near server.</summary>
    public const string DatabaseVariable = "BACKUP_BENCHMARK_OBJECTS";

    private const int FileCount = 64;
    private const int MostFileBytes = 64 * 1024;
    private const int NameCount = 5_000;
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(30);

    private readonly StorageServer[] _servers;

    private SharedStorage(params StorageServer[] servers) => _servers = servers;

    /// <summary>Starts and fills the servers.</summary>
    public static async Task<SharedStorage> StartAsync(PostgresServer postgres)
    {
        var database = postgres.ConnectionString(await postgres.CreateDatabaseAsync(new DatabaseOptions { Name = "objects" }));
        await using (var connection = await PostgresFixture.OpenAsync(database))
        {
            await StorageTables.CreateAsync(connection);
        }

        var near = await StorageServer.StartAsync(new StorageServerOptions { MirrorConnectionString = database });
        var far = await StorageServer.StartAsync();
        var old = await StorageServer.StartAsync(new StorageServerOptions { HasListV2 = false });
        await ObjectWorkload.PutFilesAsync(near, StorageAccess.Files, FileCount, MostFileBytes);
        await ObjectWorkload.PutFilesAsync(far, StorageAccess.Files, FileCount, MostFileBytes);
        await ObjectWorkload.PutNamesAsync(near, StorageAccess.Names, NameCount);
        await ObjectWorkload.PutNamesAsync(old, StorageAccess.Names, NameCount);
        far.Faults.Add(StorageCall.IsDownload, Fault.Run(() => Task.Delay(Latency)));
        StorageAccess.Publish(NearVariable, near);
        StorageAccess.Publish(FarVariable, far);
        StorageAccess.Publish(OldVariable, old);
        Environment.SetEnvironmentVariable(DatabaseVariable, database);
        return new SharedStorage(near, far, old);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }
}
