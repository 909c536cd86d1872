using Npgsql;
using Xunit;

namespace Backup.TestKit.PostgreSql;

/// <summary>
/// One server shared by the tests of an assembly. xunit finds collection definitions only in the test assembly itself:
/// each declares <c>[CollectionDefinition(PostgresFixture.Collection)] … : ICollectionFixture&lt;PostgresFixture&gt;</c>.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    /// <summary>Name of the collection.</summary>
    public const string Collection = "postgres";

    private PostgresServer? _server;

    /// <summary>The server, once xunit has initialised the fixture.</summary>
    public PostgresServer Server => _server ?? throw new InvalidOperationException("The fixture is not initialised.");

    public async Task InitializeAsync() => _server = await PostgresServer.StartAsync();

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>The connection string of it.</returns>
    public async Task<string> CreateDatabaseAsync(DatabaseOptions? options = null) =>
        Server.ConnectionString(await Server.CreateDatabaseAsync(options));

    /// <summary>Opens a connection to a database made by <see cref="CreateDatabaseAsync"/>.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return connection;
    }
}
