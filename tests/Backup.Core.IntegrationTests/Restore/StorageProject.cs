using System.Text;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;
using Backup.TestKit.Storage.Mirror;
using Npgsql;

namespace Backup.Core.IntegrationTests.Restore;

/// <summary>A database with the tables of Storage and a server that writes to them.</summary>
internal sealed class StorageProject : IAsyncDisposable
{
    private StorageProject(string database, StorageServer server)
    {
        Database = database;
        Server = server;
    }

    public string Database { get; }

    public StorageServer Server { get; }

    /// <summary>Starts one of its own.</summary>
    public static async Task<StorageProject> StartAsync(PostgresFixture postgres)
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var connection = await PostgresFixture.OpenAsync(database);
        await StorageTables.CreateAsync(connection);
        return new StorageProject(
            database, await StorageServer.StartAsync(new StorageServerOptions { MirrorConnectionString = database }));
    }

    public static async Task<string> ReadAsync(string database, string query)
    {
        await using var connection = await PostgresFixture.OpenAsync(database);
        await using var command = new NpgsqlCommand(query, connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    public SupabaseStorageOptions Options(string? key = null) =>
        new() { Url = Server.Address, Key = key ?? Server.ServiceKey, MaxRetries = 0 };

    public SupabaseStorageStore CreateStore() => new(Options());

    public Task<string> ReadAsync(string query) => ReadAsync(Database, query);

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await PostgresFixture.OpenAsync(Database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<string> ContentsAsync()
    {
        using var store = CreateStore();
        var text = new StringBuilder();
        await foreach (var bucket in store.ListBucketsAsync())
        {
            await foreach (var item in store.ListObjectsAsync(bucket.Id))
            {
                await using var content = await store.OpenReadAsync(bucket.Id, item.Name);
                using var reader = new StreamReader(content.Content);
                text.Append(bucket.Id).Append('/').Append(item.Name).Append(": ").AppendLine(await reader.ReadToEndAsync());
            }
        }

        return text.ToString();
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
