using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Restore;

/// <summary>A server that gives fewer connections than are asked for.</summary>
[Collection(RestoreCollection.Name)]
public sealed class ConnectionLimitTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task RunAsync_FurtherConnectionsRefused_GoesOnWithThoseThereAre(int limit, bool preserveRowOrder)
    {
        var admin = await postgres.CreateDatabaseAsync();
        var role = $"limited_{limit}_{(preserveRowOrder ? "ordered" : "free")}";
        await ExecuteAsync(admin, $"CREATE ROLE {role} LOGIN PASSWORD 'plain' CONNECTION LIMIT {limit}; GRANT ALL ON SCHEMA public TO {role}");
        var target = new NpgsqlConnectionStringBuilder(admin) { Username = role, Password = "plain" }.ConnectionString;

        var result = await new RestorePipelineBuilder().UseSink(await WriteBackupAsync()).UsePostgres(target)
            .ConfigureOptions(options =>
            {
                options.Connections = 4;
                options.PreserveRowOrder = preserveRowOrder;
            }).Build().RunAsync(new RestoreRequest());

        Assert.Equal(RestoreOutcome.Complete, result.Outcome);
        Assert.Equal(24, result.Rows);
        Assert.Equal(18, result.Objects);
    }

    private static Task<InMemorySink> WriteBackupAsync()
    {
        var backup = new HandMadeBackup();
        for (var table = 1; table <= 6; table++)
        {
            backup.WithTable($"t{table}", "1\n2\n", "3\n4\n")
                .With(TocSection.PostData, "INDEX", $"t{table}_first", $"CREATE INDEX t{table}_first ON public.t{table} (id)", $"t{table}", $"t{table}")
                .With(TocSection.PostData, "INDEX", $"t{table}_second", $"CREATE INDEX t{table}_second ON public.t{table} (id)", $"t{table}", $"t{table}");
        }

        return backup.WriteAsync();
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = await PostgresFixture.OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
