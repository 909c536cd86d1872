using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;
using Backup.TestKit.Storage.Mirror;
using Npgsql;

namespace Quickstart;

/// <summary>A database and the Storage that keeps its rows in it, as in a Supabase project.</summary>
internal sealed class Project : IAsyncDisposable
{
    private Project(string database, StorageServer storage)
    {
        Database = database;
        Storage = storage;
    }

    /// <summary>The connection string.</summary>
    public string Database { get; }

    /// <summary>The server of the files, on the loopback.</summary>
    public StorageServer Storage { get; }

    /// <summary>How the library reaches it.</summary>
    public SupabaseStorageOptions StorageOptions => new() { Url = Storage.Address, Key = Storage.ServiceKey };

    public static async Task<Project> CreateAsync(PostgresServer server, string name)
    {
        var database = server.ConnectionString(await server.CreateDatabaseAsync(new DatabaseOptions { Name = name }));
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync();
            await StorageTables.CreateAsync(connection);
        }

        return new Project(database, await StorageServer.StartAsync(new StorageServerOptions { MirrorConnectionString = database }));
    }

    public ValueTask DisposeAsync() => Storage.DisposeAsync();
}
