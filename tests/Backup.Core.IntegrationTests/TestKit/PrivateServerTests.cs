using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.TestKit;

public sealed class PrivateServerTests
{
    [Fact]
    public async Task StartAsync_OtherMajorThanInstalled_RunsThatOne()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Major = 17 });

        await using var connection = await PostgresFixture.OpenAsync(server.ConnectionString("postgres"));
        Assert.Equal((17, 17), (server.Major, connection.PostgreSqlVersion.Major));
    }

    [Fact]
    public async Task StartAsync_WithPassword_RefusesAnotherOne()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Password = "right" });
        await using (await PostgresFixture.OpenAsync(server.ConnectionString("postgres")))
        {
        }

        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString("postgres")) { Password = "wrong" };

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => PostgresFixture.OpenAsync(wrong.ConnectionString));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
    }

    [Fact]
    public async Task DisposeAsync_RunningServer_LeavesNeitherProcessNorFolder()
    {
        string folder;
        await using (var server = await PostgresServer.StartAsync())
        {
            await using var connection = await PostgresFixture.OpenAsync(server.ConnectionString("postgres"));
            await using var command = new NpgsqlCommand("SHOW unix_socket_directories", connection);
            folder = (string)(await command.ExecuteScalarAsync())!;
            Assert.True(Directory.Exists(folder));
        }

        Assert.False(Directory.Exists(folder));
    }
}
