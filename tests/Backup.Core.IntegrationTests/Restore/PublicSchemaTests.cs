using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Restore;

[Collection(RestoreCollection.Name)]
public sealed class PublicSchemaTests(PostgresFixture postgres)
{
    [Fact]
    public async Task RunAsync_SchemaPublicWithAnotherOwner_GetsItInTheTargetThatHasTheSchemaAlready()
    {
        var source = await postgres.CreateDatabaseAsync();
        var target = await postgres.CreateDatabaseAsync();
        await using (var connection = new NpgsqlConnection(source))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(
                """
                ALTER SCHEMA public OWNER TO pg_monitor;
                COMMENT ON SCHEMA public IS 'ours';
                REVOKE ALL ON SCHEMA public FROM PUBLIC;
                CREATE TABLE public.t (id integer);
                """,
                connection);
            await command.ExecuteNonQueryAsync();
        }

        var sink = new InMemorySink();
        await new BackupPipelineBuilder().UsePostgres(source).UseSink(sink).Build().RunAsync(new BackupRequest());
        await new RestorePipelineBuilder().UsePostgres(target).UseSink(sink).Build().RunAsync(new RestoreRequest());

        Assert.Equal(await PgDump.SchemaAsync(source), await PgDump.SchemaAsync(target));
    }
}
