using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Pipeline;

[Collection(PostgresFixture.Collection)]
public sealed class BackupPipelineTests(PostgresFixture postgres) : IDisposable
{
    private readonly TemporaryFolder _backups = new();

    [Fact]
    public async Task RunAsync_ApplicationDatabase_IsRestoredByHand()
    {
        var source = await postgres.CreateDatabaseAsync();
        await ApplicationSchema.CreateAsync(source);
        await ApplicationData.FillAsync(source, megabytes: 2);
        var target = await postgres.CreateDatabaseAsync();

        var result = await Builder(source).Build().RunAsync(new BackupRequest());
        await HandRestore.RunAsync(_backups, result, target);

        Assert.Equal(await PgDump.SchemaAsync(source), await PgDump.SchemaAsync(target));
        Assert.Empty(TableDigest.Differences(await TableDigest.ReadAsync(source), await TableDigest.ReadAsync(target)));
    }

    [Theory]
    [InlineData("UTF8")]
    [InlineData("LATIN1")]
    public async Task RunAsync_StrangeNamesAndShapes_AreRestoredByHand(string encoding)
    {
        var options = new DatabaseOptions { Encoding = encoding, Locale = "C" };
        var source = await postgres.CreateDatabaseAsync(options);
        await ExecuteAsync(source, """
            CREATE SCHEMA "my schema";
            CREATE TABLE "my schema"."line
            break" (id int, "col
            umn" text);
            INSERT INTO "my schema"."line
            break" SELECT n, repeat('é', n) || E'\n\\.\t' FROM generate_series(1, 500) n;
            CREATE TABLE public."UPPER ""quoted"" 'x'" (a int, dropped int, total int GENERATED ALWAYS AS (a + 1) STORED, b text);
            ALTER TABLE public."UPPER ""quoted"" 'x'" DROP COLUMN dropped;
            INSERT INTO public."UPPER ""quoted"" 'x'" (a, b) VALUES (1, NULL), (2, ''), (3, '\N'), (NULL, E'\r\n');
            CREATE TABLE public.nothing ();
            INSERT INTO public.nothing SELECT FROM generate_series(1, 3);
            CREATE TABLE public.empty (id int);
            CREATE UNLOGGED TABLE public.fast (id serial);
            INSERT INTO public.fast DEFAULT VALUES;
            CREATE TABLE public.parent (id int) PARTITION BY RANGE (id);
            CREATE TABLE public.child PARTITION OF public.parent FOR VALUES FROM (0) TO (10);
            INSERT INTO public.parent VALUES (1), (2);
            CREATE TABLE public.base (id int);
            CREATE TABLE public.derived (more int) INHERITS (public.base);
            INSERT INTO public.base VALUES (1);
            INSERT INTO public.derived VALUES (2, 3);
            CREATE TABLE public.huge (id int, value text);
            INSERT INTO public.huge VALUES (1, repeat('0123456789abcdef', 1000000)), (2, 'small');
            """);
        var target = await postgres.CreateDatabaseAsync(options);

        var result = await Builder(source).Build().RunAsync(new BackupRequest());
        await HandRestore.RunAsync(_backups, result, target);

        Assert.Empty(TableDigest.Differences(await TableDigest.ReadAsync(source), await TableDigest.ReadAsync(target)));
    }

    [Fact]
    public async Task RunAsync_WhileWritersRun_ShowsOneInstant()
    {
        var source = await postgres.CreateDatabaseAsync();
        await TransferLedger.CreateAsync(source, accounts: 3000);
        await using var writers = TransferLedger.StartWriters(source, writers: 3);
        while (writers.Transfers < 200)
        {
            await TransferLedger.CheckAsync(source);
        }

        // One block a page and three readers: the backup lasts while money moves through the pages still to be read.
        var pipeline = Builder(source).ConfigureOptions(options => (options.Connections, options.PageBlocks) = (3, 1)).Build();
        var before = writers.Transfers;
        var result = await pipeline.RunAsync(new BackupRequest());
        Assert.NotEqual(before, writers.Transfers);

        var target = await postgres.CreateDatabaseAsync();
        await HandRestore.RunAsync(_backups, result, target);
        var books = await TransferLedger.CheckAsync(target);
        Assert.True(books.IsConsistent, books.ToString());
        Assert.Equal(3000, books.Accounts);
        Assert.InRange(books.Transfers, 1, writers.Transfers);
    }

    [Fact]
    public async Task RunAsync_ConnectionsAreKilled_FailsAndLeavesNothing()
    {
        var source = await FilledAsync();
        var progress = new AtPhase(BackupPhase.Copying, () => KillOthers(source));

        var exception = await Assert.ThrowsAsync<DatabaseException>(
            () => Builder(source).Build().RunAsync(new BackupRequest(), progress));

        // Rows and schema are being read, and either may notice first.
        Assert.Contains(exception.Stage, (string[])["PageRead", "Schema"]);
        Assert.Empty(_backups.Files);
    }

    [Theory]
    [InlineData(BackupPhase.OpeningSnapshot)]
    [InlineData(BackupPhase.Copying)]
    [InlineData(BackupPhase.Committing)]
    public async Task RunAsync_CancelledInAnyPhase_EndsWithTheCallersTokenAndLeavesNothing(BackupPhase phase)
    {
        var source = await FilledAsync();
        using var cancellation = new CancellationTokenSource();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Builder(source).Build().RunAsync(
            new BackupRequest(), new AtPhase(phase, cancellation.Cancel), cancellation.Token));

        Assert.Equal(cancellation.Token, exception.CancellationToken);
        Assert.Empty(_backups.Files);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task RunAsync_TableFailsAndRunMayGoOn_HoldsTheOthers(int connections)
    {
        // A value whose label is gone stands for a damaged block: the read fails in the middle of the table's rows.
        var source = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(source, """
            CREATE TABLE public.good (id int);
            INSERT INTO public.good SELECT generate_series(1, 1000);
            CREATE TYPE public.mood AS ENUM ('well', 'lost');
            CREATE TABLE public.bad (id int, mood public.mood);
            INSERT INTO public.bad SELECT n, CASE n WHEN 90000 THEN 'lost' ELSE 'well' END::public.mood FROM generate_series(1, 100000) n;
            DELETE FROM pg_catalog.pg_enum WHERE enumlabel = 'lost';
            """);

        var pipeline = Builder(source).ConfigureOptions(options => options.Connections = connections).Build();
        await Assert.ThrowsAsync<DatabaseException>(() => pipeline.RunAsync(new BackupRequest()));
        Assert.Empty(_backups.Files);

        var result = await pipeline.RunAsync(new BackupRequest { Failures = new FailurePolicy { Tables = FailureLimit.Continue } });

        Assert.Equal(BackupOutcome.CompletedWithFailures, result.Outcome);
        Assert.Equal("public.bad", Assert.Single(result.Failures).Subject);
        Assert.Equal(1000, Assert.Single(result.Tables).Rows);
    }

    public void Dispose() => _backups.Dispose();

    private BackupPipelineBuilder Builder(string source) => new BackupPipelineBuilder()
        .UsePostgres(source)
        .UseSink(new DirectorySink(_backups.Path))
        .ConfigureOptions(options =>
        {
            options.Codec = "deflate";
            options.Connections = 2;
        });

    private async Task<string> FilledAsync()
    {
        var source = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(source, """
            CREATE TABLE public.rows (id int, text text);
            INSERT INTO public.rows SELECT n, repeat(md5(n::text), 20) FROM generate_series(1, 60000) n;
            """);
        return source;
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = await PostgresFixture.OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static void KillOthers(string database)
    {
        using var connection = new NpgsqlConnection(database);
        connection.Open();
        using var command = new NpgsqlCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
            connection);
        command.ExecuteNonQuery();
    }

    // Called on the run's own thread when the phase begins: the run waits meanwhile.
    private sealed class AtPhase(BackupPhase phase, Action action) : IProgress<BackupProgress>
    {
        private bool _isDone;

        public void Report(BackupProgress value)
        {
            if (value.Phase == phase && !_isDone)
            {
                _isDone = true;
                action();
            }
        }
    }
}
