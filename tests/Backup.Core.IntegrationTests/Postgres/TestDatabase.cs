using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Postgres;

/// <summary>A database of one test, a connection to prepare it and a source to read it.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private TestDatabase(string connectionString, NpgsqlConnection connection)
    {
        ConnectionString = connectionString;
        Connection = connection;
        Source = PostgresSource.FromConnectionString(connectionString);
    }

    public string ConnectionString { get; }

    public string Name => Connection.Database;

    public NpgsqlConnection Connection { get; }

    public PostgresSource Source { get; }

    public static async Task<TestDatabase> CreateAsync(PostgresFixture fixture, string? sql = null, DatabaseOptions? options = null)
    {
        var connectionString = await fixture.CreateDatabaseAsync(options);
        var database = new TestDatabase(connectionString, await PostgresFixture.OpenAsync(connectionString));
        if (sql is not null)
            await database.ExecuteAsync(sql);
        return database;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = 0 };
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A connection string of the same database with something changed.</summary>
    public string With(Action<NpgsqlConnectionStringBuilder> change)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString);
        change(settings);
        return settings.ConnectionString;
    }

    /// <summary>A further connection, for a session that gets in the way.</summary>
    public Task<NpgsqlConnection> OpenAsync() => PostgresFixture.OpenAsync(ConnectionString);

    /// <summary>Waits until a condition of the server holds, asking it again and again.</summary>
    public async Task WaitUntilAsync(string condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await ScalarAsync<bool>($"SELECT {condition}"))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
