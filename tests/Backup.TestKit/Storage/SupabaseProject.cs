using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage.Mirror;
using Npgsql;

namespace Backup.TestKit.Storage;

/// <summary>A database and the Storage that keeps its rows in it, as in a Supabase project. Disposing it leaves the database.</summary>
public sealed class SupabaseProject : IAsyncDisposable
{
    // That of a paid project, rather than the one with which the exchanges were recorded.
    private const long MaxUploadBytes = 1024L * 1024 * 1024;

    private SupabaseProject(string database, StorageServer storage)
    {
        Database = database;
        Storage = storage;
    }

    /// <summary>The connection string.</summary>
    public string Database { get; }

    /// <summary>The server of the files, on the loopback.</summary>
    public StorageServer Storage { get; }

    /// <summary>How the library reaches the files.</summary>
    public SupabaseStorageOptions StorageOptions => new() { Url = Storage.Address, Key = Storage.ServiceKey };

    /// <summary>Creates the database and starts the Storage.</summary>
    /// <param name="server">Where the database is created.</param>
    /// <param name="name">Its name; <see langword="null"/> for one that is free.</param>
    public static async Task<SupabaseProject> CreateAsync(PostgresServer server, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        var database = server.ConnectionString(await server.CreateDatabaseAsync(new DatabaseOptions { Name = name }));
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync();
            await StorageTables.CreateAsync(connection);
        }

        var storage = new StorageServerOptions { MirrorConnectionString = database, MaxUploadBytes = MaxUploadBytes };
        return new SupabaseProject(database, await StorageServer.StartAsync(storage));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Storage.DisposeAsync();
}
