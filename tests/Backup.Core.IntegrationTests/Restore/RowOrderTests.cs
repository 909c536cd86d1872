using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Restore;

[Collection(RestoreCollection.Name)]
public sealed class RowOrderTests(PostgresFixture postgres)
{
    [Fact]
    public async Task RunAsync_ByDefault_RowsOfManyPagesLieAsTheyLayAtTheSource()
    {
        var (source, sink) = await BackUpAsync();
        var target = await postgres.CreateDatabaseAsync();

        await RestoreAsync(sink, target, preserveRowOrder: true);

        Assert.Equal(await ReadOrderAsync(source), await ReadOrderAsync(target));
    }

    [Fact]
    public async Task RunAsync_WithoutPreserveRowOrder_PagesOfOneTableAreLoadedTogetherAndNoneIsLost()
    {
        var (source, sink) = await BackUpAsync();
        var target = await postgres.CreateDatabaseAsync();

        await RestoreAsync(sink, target, preserveRowOrder: false);

        Assert.Equal(await TableDigest.ReadAsync(source), await TableDigest.ReadAsync(target));
    }

    private async Task<(string Source, InMemorySink Sink)> BackUpAsync()
    {
        var source = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(
            source,
            """
            CREATE TABLE numbers (id integer, filler text);
            INSERT INTO numbers SELECT (g * 7919) % 20011, repeat('x', 100) FROM generate_series(1, 20000) g;
            """);
        var sink = new InMemorySink();
        var result = await new BackupPipelineBuilder().UsePostgres(source).UseSink(sink)
            .ConfigureOptions(options => options.PageBytes = 64 * 1024).Build().RunAsync(new BackupRequest());
        Assert.True(result.Tables.Single().Pages > 10);
        return (source, sink);
    }

    private static async Task RestoreAsync(InMemorySink sink, string target, bool preserveRowOrder)
    {
        var result = await new RestorePipelineBuilder().UsePostgres(target).UseSink(sink)
            .ConfigureOptions(options =>
            {
                options.Connections = 3;
                options.PreserveRowOrder = preserveRowOrder;
            }).Build().RunAsync(new RestoreRequest());
        Assert.Equal(RestoreOutcome.Complete, result.Outcome);
    }

    private static async Task<string> ReadOrderAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT string_agg(id::text, ',' ORDER BY ctid) FROM numbers", connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
