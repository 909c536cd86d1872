using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Restore;

/// <summary>A table of which some pages are loaded when one fails, in a target that does not let it be emptied.</summary>
[Collection(RestoreCollection.Name)]
public sealed class CleanUpTests(PostgresFixture postgres)
{
    // Rows of another table that refer to what is loaded, by a key that deletes them.
    private const string Referred =
        """
        CREATE TABLE public.bad (id int PRIMARY KEY);
        CREATE TABLE public.elsewhere (id int);
        INSERT INTO public.elsewhere VALUES (1);
        ALTER TABLE public.elsewhere ADD FOREIGN KEY (id) REFERENCES public.bad ON DELETE CASCADE NOT VALID;
        CREATE SEQUENCE public.counter;
        ALTER TABLE public.bad OWNER TO clean_up_restorer;
        ALTER SEQUENCE public.counter OWNER TO clean_up_restorer;
        """;

    // So long that the next page is loaded by a transaction of its own; the server passes over the spaces.
    private static readonly string LongPage = new string(' ', 32 * 1024 * 1024) + "1\n";

    // A role that may add rows and not remove any.
    private const string InsertOnly =
        """
        CREATE TABLE public.bad (id int);
        CREATE TABLE public.elsewhere (id int);
        INSERT INTO public.elsewhere VALUES (1);
        CREATE SEQUENCE public.counter;
        GRANT SELECT, INSERT ON public.bad TO clean_up_restorer;
        ALTER SEQUENCE public.counter OWNER TO clean_up_restorer;
        """;

    [Theory]
    [InlineData(Referred)]
    [InlineData(InsertOnly)]
    public async Task RunAsync_TableCannotBeEmptied_SaysSoAndTouchesNothingElse(string sql)
    {
        var (admin, target) = await CreateTargetAsync(sql);

        var result = await RestoreAsync(target, new RestoreRequest { Scope = RestoreScope.DataOnly });

        var failure = Assert.Single(result.Failures);
        Assert.Equal("22P02", failure.SqlState);
        Assert.Contains("holds a part of its rows", failure.Reason, StringComparison.Ordinal);
        Assert.Equal((1, 1, 42), await ReadAsync(admin));
    }

    [Theory]
    [InlineData(Referred)]
    [InlineData(InsertOnly)]
    public async Task RunAsync_TableCannotBeEmptiedAndStopOnFirstError_SaysSoAndTouchesNothingElse(string sql)
    {
        var (admin, target) = await CreateTargetAsync(sql);

        var exception = await Assert.ThrowsAsync<RestoreException>(
            () => RestoreAsync(target, new RestoreRequest { Scope = RestoreScope.DataOnly, StopOnFirstError = true }));

        Assert.Contains("may hold a part of their rows: public.bad", exception.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1, 1), await ReadAsync(admin));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_ExtensionsTableFails_KeepsTheExtensionsOwnRows(bool stopOnFirstError)
    {
        var target = await postgres.CreateDatabaseAsync();
        await using var connection = await PostgresFixture.OpenAsync(target);
        await using var create = new NpgsqlCommand("CREATE TABLE public.settings (id int); INSERT INTO public.settings VALUES (7)", connection);
        await create.ExecuteNonQueryAsync();
        var sink = await new HandMadeBackup().WithRowsOnly("settings", "1\n", "x\n").WriteAsync();
        var request = new RestoreRequest { StopOnFirstError = stopOnFirstError };

        var run = RestoreAsync(target, request, sink);
        var said = stopOnFirstError
            ? (await Assert.ThrowsAsync<RestoreException>(() => run)).Message
            : Assert.Single((await run).Failures).Reason;

        Assert.Contains("a part of", said, StringComparison.Ordinal);
        await using var read = new NpgsqlCommand("SELECT count(*) FROM public.settings WHERE id = 7", connection);
        Assert.Equal(1L, await read.ExecuteScalarAsync());
    }

    private async Task<(string Admin, string Target)> CreateTargetAsync(string sql)
    {
        var admin = await postgres.CreateDatabaseAsync();
        await using var connection = await PostgresFixture.OpenAsync(admin);
        await using var command = new NpgsqlCommand(
            "DO $$ BEGIN CREATE ROLE clean_up_restorer LOGIN PASSWORD 'plain'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;" + sql,
            connection);
        await command.ExecuteNonQueryAsync();
        return (admin, new NpgsqlConnectionStringBuilder(admin) { Username = "clean_up_restorer", Password = "plain" }.ConnectionString);
    }

    private static async Task<RestoreResult> RestoreAsync(string target, RestoreRequest request)
    {
        InMemorySink sink = await new HandMadeBackup()
            .WithTable("bad", LongPage, "x\n")
            .With(TocSection.Data, "SEQUENCE SET", "counter", "SELECT pg_catalog.setval('public.counter', 42)")
            .WriteAsync();
        return await RestoreAsync(target, request, sink);
    }

    private static Task<RestoreResult> RestoreAsync(string target, RestoreRequest request, InMemorySink sink) =>
        new RestorePipelineBuilder().UseSink(sink).UsePostgres(target)
            .ConfigureOptions(options =>
            {
                options.Connections = 1;
                options.PreserveRowOrder = false;
            }).Build().RunAsync(request);

    private static async Task<(long Loaded, long Elsewhere, long Counter)> ReadAsync(string admin)
    {
        await using var connection = await PostgresFixture.OpenAsync(admin);
        await using var command = new NpgsqlCommand(
            "SELECT (SELECT count(*) FROM public.bad), (SELECT count(*) FROM public.elsewhere), (SELECT last_value FROM public.counter)",
            connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }
}
