using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Versions;

public sealed class TargetSessionTests
{
    [Fact]
    public async Task OpenAsync_ServerWithTimeLimits_SwitchesAllOfThemOff()
    {
        string[] limits =
        [
            "idle_in_transaction_session_timeout", "idle_session_timeout", "lock_timeout", "statement_timeout", "transaction_timeout",
        ];
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions
        {
            Major = 18, // transaction_timeout is there from 17 on
            Settings = limits.ToDictionary(name => name, _ => "1h"),
        });
        await using var source = PostgresSource.FromConnectionString(server.ConnectionString(await server.CreateDatabaseAsync()));

        await using var session = await TargetSession.OpenAsync(source, CancellationToken.None);

        var values = await session.QueryAsync(
            "SELECT name || ' = ' || setting FROM pg_settings WHERE name = ANY ($1) ORDER BY name",
            row => row.GetString(0), [limits], CancellationToken.None);
        Assert.Equal(limits.Select(name => $"{name} = 0"), values);
    }
}
