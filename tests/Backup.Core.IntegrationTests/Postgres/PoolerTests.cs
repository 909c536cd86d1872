using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Postgres;

public abstract class PoolerTests(PostgresFixture fixture, bool usesWire)
{
    private const string Fill = "CREATE TABLE t (id int PRIMARY KEY, body text); INSERT INTO t SELECT i, repeat('x', 500) FROM generate_series(1, 500) i;";

    [Fact]
    public async Task Read_TransactionPoolerOfOneConnection_GoesOverTheCoordinatorAlone()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Fill);
        await using var pooler = await PgBouncer.StartAsync(fixture.Server, poolSize: 1);
        await using var source = PostgresSource.FromConnectionString(pooler.ConnectionString(database.Name));
        var logger = new RecordingLogger();
        var options = new SnapshotOptions { Connections = 3, JoinTimeout = TimeSpan.FromSeconds(1), Pages = SnapshotReads.OneBlock };

        await using var session = await SnapshotReads.OpenAsync(usesWire, source, options: options, logger: logger);

        Assert.Equal(1, session.Connections);
        Assert.Contains(logger.Warnings, text => text.StartsWith("Reading with 1 instead of 3 connections", StringComparison.Ordinal));
        Assert.Equal(500, CopyText.CountRows((await session.ReadAllAsync(SnapshotReads.OneBlock))["public.t"]));
    }

    [Fact]
    public async Task Read_TransactionPooler_LeavesNothingBehindOnTheServersConnections()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Fill);
        await using var pooler = await PgBouncer.StartAsync(fixture.Server, poolSize: 3);
        await using var source = PostgresSource.FromConnectionString(pooler.ConnectionString(database.Name));
        var options = new SnapshotOptions { Connections = 3, LastJoinTimeout = TimeSpan.FromMilliseconds(300), Pages = SnapshotReads.OneBlock };

        for (var round = 0; round < 3; round++)
        {
            await using var session = await SnapshotReads.OpenAsync(usesWire, source, options: options);
            Assert.Equal(500, CopyText.CountRows((await session.ReadAllAsync(SnapshotReads.OneBlock))["public.t"]));
        }

        await using var plain = await PostgresFixture.OpenAsync(pooler.ConnectionString(database.Name));
        for (var i = 0; i < 6; i++)
        {
            await using var command = plain.CreateCommand();
            command.CommandText = "SELECT current_setting('search_path') || '/' || current_setting('enable_seqscan') || '/' || current_setting('row_security')";
            Assert.Equal("\"$user\", public/on/on", await command.ExecuteScalarAsync());
        }

        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"));
    }

    [Fact]
    public async Task ReadAsync_CancelledBehindThePooler_EndsPromptly()
    {
        await using var database = await TestDatabase.CreateAsync(
            fixture,
            "CREATE TABLE t (body text); ALTER TABLE t ALTER body SET STORAGE EXTERNAL; INSERT INTO t SELECT repeat(md5(i::text), 30000) FROM generate_series(1, 100) i;");
        await using var pooler = await PgBouncer.StartAsync(fixture.Server, poolSize: 2);
        await using var source = PostgresSource.FromConnectionString(pooler.ConnectionString(database.Name));
        await using var session = await SnapshotReads.OpenAsync(usesWire, source);
        await using var reader = session.OpenReader(0);
        using var cancel = new CancellationTokenSource();
        await reader.OpenAsync(new TablePage(session.Tables[0], 1, null, null), default);
        await reader.ReadAsync(new byte[1024], default);

        // Whoever has read once is on the connection's thread, and would wait there for this read.
        var read = Task.Run(() => reader.ReadAsync(new byte[100 * 1024 * 1024], cancel.Token).AsTask());

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await reader.CloseAsync();
    }
}

[Collection(PostgresFixture.Collection)]
public sealed class PoolerTestsOverNpgsql(PostgresFixture fixture) : PoolerTests(fixture, usesWire: false);

[Collection(PostgresFixture.Collection)]
public sealed class PoolerTestsOverWire(PostgresFixture fixture) : PoolerTests(fixture, usesWire: true);
