using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Restore;

public sealed class ManyLocksTests
{
    private const int Tables = 4000;

    [Fact]
    public async Task RunAsync_MoreTablesThanTheServerHasLocksFor_MakesThemInParts()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions
        {
            Settings = new Dictionary<string, string> { ["max_locks_per_transaction"] = "20", ["max_connections"] = "10" },
        });
        var target = server.ConnectionString(await server.CreateDatabaseAsync());
        var backup = new HandMadeBackup();
        for (var number = 0; number < Tables; number++)
        {
            backup.With(TocSection.PreData, "TABLE", $"t{number}", $"CREATE TABLE public.t{number} ()", $"t{number}");
        }

        var result = await new RestorePipelineBuilder().UseSink(await backup.WriteAsync()).UsePostgres(target).Build().RunAsync(new RestoreRequest());

        Assert.Equal(RestoreOutcome.Complete, result.Outcome);
        await using var connection = new NpgsqlConnection(target);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace", connection);
        Assert.Equal((long)Tables, await count.ExecuteScalarAsync());
    }
}
