using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Restore;

[Collection(RestoreCollection.Name)]
public sealed class CleanTests(PostgresFixture postgres)
{
    private const string Partitioned =
        """
        CREATE TABLE public.orders (id int, year int) PARTITION BY LIST (year);
        CREATE TABLE public.orders_1 PARTITION OF public.orders FOR VALUES IN (1) PARTITION BY LIST (id);
        CREATE TABLE public.orders_1_1 PARTITION OF public.orders_1 FOR VALUES IN (1);
        INSERT INTO public.orders VALUES (1, 1);
        CREATE TABLE public.parent (id int);
        CREATE TABLE public.child () INHERITS (public.parent);
        """;

    [Fact]
    public async Task RunAsync_PartitionsAddedSinceTheBackup_RefusesAndNamesThem()
    {
        var database = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(database, Partitioned);
        var sink = await BackUpAsync(database);
        await ExecuteAsync(
            database,
            """
            CREATE TABLE public.orders_1_2 PARTITION OF public.orders_1 FOR VALUES IN (2);
            CREATE TABLE public.orders_2 PARTITION OF public.orders FOR VALUES IN (2);
            INSERT INTO public.orders VALUES (2, 1), (2, 2);
            """);
        var before = await TableDigest.ReadAsync(database);

        var exception = await Assert.ThrowsAsync<RestoreException>(
            () => RestoreAsync(sink, database, new RestoreRequest { Clean = true }));

        Assert.Contains("table public.orders the target would lose the partition public.orders_2,", exception.Message, StringComparison.Ordinal);
        Assert.Contains("table public.orders_1 the target would lose the partition public.orders_1_2,", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, await TableDigest.ReadAsync(database));
    }

    [Fact]
    public async Task RunAsync_InheritingTableAddedSinceTheBackup_RefusesAndKeepsIt()
    {
        var database = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(database, Partitioned);
        var sink = await BackUpAsync(database);
        await ExecuteAsync(database, "CREATE TABLE public.later () INHERITS (public.parent); INSERT INTO public.later VALUES (1)");
        var before = await TableDigest.ReadAsync(database);

        var exception = await Assert.ThrowsAsync<RestoreException>(
            () => RestoreAsync(sink, database, new RestoreRequest { Clean = true }));

        Assert.Contains("public.later", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, await TableDigest.ReadAsync(database));
    }

    [Fact]
    public async Task RunAsync_PartitionedTableChosen_BringsItsPartitionsAndRows()
    {
        var database = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(database, Partitioned);
        var sink = await BackUpAsync(database);
        var before = await TableDigest.ReadAsync(database);
        await ExecuteAsync(database, "TRUNCATE public.orders");

        var result = await RestoreAsync(
            sink, database, new RestoreRequest { Clean = true, Tables = new TableSelection { IncludeTables = ["public.orders"] } });

        Assert.Empty(result.Failures);
        Assert.Equal(1, result.Rows);
        Assert.Equal(before, await TableDigest.ReadAsync(database));
    }

    [Fact]
    public async Task RunAsync_ViewOfTheBackupIsNotChosen_DoesNotCallItForeign()
    {
        var sink = await new HandMadeBackup().WithTable("base", "1\n")
            .With(TocSection.PreData, "VIEW", "seen", "CREATE VIEW public.seen AS SELECT id FROM public.base", null, "base")
            .WriteAsync();
        var database = await postgres.CreateDatabaseAsync();
        await RestoreAsync(sink, database, new RestoreRequest());

        var exception = await Assert.ThrowsAsync<RestoreException>(() => RestoreAsync(
            sink, database, new RestoreRequest { Clean = true, Tables = new TableSelection { IncludeTables = ["public.base"] } }));

        Assert.Contains("choose it as well if the backup holds it", exception.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OwnersSkippedAndAPolicyNamesAnOwner_StillNeedsThatRole()
    {
        var sink = await new HandMadeBackup().WithTable("owned", "1\n")
            .Change(entry => entry with
            {
                Owner = "nobody here",
                SetOwner = "ALTER TABLE public.owned OWNER TO \"nobody here\";\n",
                Roles = ["nobody here"],
            })
            .With(TocSection.PostData, "POLICY", "own", "CREATE POLICY own ON public.owned TO \"nobody here\"", "owned", "owned")
            .Change(entry => entry with { Roles = ["nobody here"] })
            .WriteAsync();

        var exception = await Assert.ThrowsAsync<RestoreException>(async () => await RestoreAsync(
            sink, await postgres.CreateDatabaseAsync(), new RestoreRequest { SkipOwnersAndPrivileges = true }));

        Assert.Contains("CREATE ROLE \"nobody here\";", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<InMemorySink> BackUpAsync(string database)
    {
        var sink = new InMemorySink();
        await new BackupPipelineBuilder().UsePostgres(database).UseSink(sink).Build().RunAsync(new BackupRequest());
        return sink;
    }

    private static Task<RestoreResult> RestoreAsync(InMemorySink sink, string target, RestoreRequest request) =>
        new RestorePipelineBuilder().UseSink(sink).UsePostgres(target).Build().RunAsync(request);

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = await PostgresFixture.OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
