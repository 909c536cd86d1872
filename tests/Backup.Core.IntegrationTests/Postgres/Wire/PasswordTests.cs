using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.TestKit;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Postgres.Wire;

/// <summary>Passwords as the server may ask for them, and ways that are left to Npgsql.</summary>
public sealed class PasswordTests
{
    [Theory]
    [InlineData("scram-sha-256")]
    [InlineData("md5")]
    [InlineData("password")]
    public async Task Read_EveryMethod_TakesTheRightPasswordOnly(string method)
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Password = "right é", PasswordMethod = method });
        await server.ExecuteAsync("postgres", "CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
        using var folder = new TemporaryFolder();
        var passfile = folder["pgpass"];
        await File.WriteAllTextAsync(passfile, $"127.0.0.1:{server.Port}:*:postgres:right é\n");
        var plain = $"Host=127.0.0.1;Port={server.Port};Username=postgres;Database=postgres;Pooling=false";

        foreach (var words in new[] { ";Password=right é", $";Passfile={passfile}" })
        {
            await using var source = PostgresSource.FromConnectionString(plain + words);
            await using var session = await SnapshotReads.OpenAsync(usesWire: true, source);
            Assert.Equal("1\n", (await session.ReadTextAsync())["public.t"]);
        }

        var wrong = await OpenWrongAsync(plain + ";Password=hidden");
        Assert.Equal("28P01", wrong.SqlState);
        Assert.Contains("password authentication failed", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", wrong.ToString(), StringComparison.Ordinal);
        var none = await OpenWrongAsync($"{plain.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)};Passfile={passfile}");
        Assert.Contains("asks for a password", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_UnixSocket_GivesTheRows()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Settings = new Dictionary<string, string> { ["unix_socket_permissions"] = "0777" } });
        await server.ExecuteAsync("postgres", "CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
        await using var connection = await PostgresFixture.OpenAsync(server.ConnectionString("postgres"));
        await using var command = new NpgsqlCommand("SHOW unix_socket_directories", connection);
        var folder = (string)(await command.ExecuteScalarAsync())!;
        await using var source = PostgresSource.FromConnectionString($"Host={folder};Port={server.Port};Username=postgres;Database=postgres;Pooling=false");
        var logger = new RecordingLogger();

        await using var session = await SnapshotReads.OpenAsync(usesWire: true, source, logger: logger);

        Assert.Equal("1\n", (await session.ReadTextAsync())["public.t"]);
        Assert.DoesNotContain(logger.Texts, text => text.Contains("through Npgsql", StringComparison.Ordinal));
    }

    private static async Task<DatabaseException> OpenWrongAsync(string text)
    {
        await using var source = PostgresSource.FromConnectionString(text);
        return await Assert.ThrowsAsync<DatabaseException>(() => OwnReader.OpenAsync(source));
    }
}
