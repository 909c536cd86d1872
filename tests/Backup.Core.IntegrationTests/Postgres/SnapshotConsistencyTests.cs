using System.Globalization;
using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Postgres;

public abstract class SnapshotConsistencyTests(PostgresFixture fixture, bool usesWire)
{
    private const int Accounts = 400;

    [Fact]
    public async Task Read_WhileMoneyMoves_ShowsOneInstantOverAllReaders()
    {
        await using var database = await TestDatabase.CreateAsync(
            fixture,
            $"""
            CREATE TABLE account (id int PRIMARY KEY, balance bigint, filler text);
            INSERT INTO account SELECT i, 100, repeat('x', 500) FROM generate_series(1, {Accounts}) i;
            CREATE TABLE transfer (id bigserial PRIMARY KEY, source int, target int, amount bigint);
            """);
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 3).Select(_ => MoveMoneyAsync(database, stop.Token)).ToArray();
        await database.WaitUntilAsync("count(*) > 50 FROM transfer");

        for (var round = 0; round < 3; round++)
        {
            await using var session = await SnapshotReads.OpenAsync(
                usesWire, database.Source, options: new SnapshotOptions { Connections = 3, Pages = SnapshotReads.OneBlock });
            Assert.Equal(3, session.Connections);
            var texts = await session.ReadTextAsync(SnapshotReads.OneBlock);
            AssertLedgerHolds(texts["public.account"], texts["public.transfer"]);
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);
    }

    [Fact]
    public async Task OpenAsync_TablesComeAndGo_LocksWhatTheSnapshotShows()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, "CREATE TABLE steady (a int); INSERT INTO steady VALUES (1)");
        using var stop = new CancellationTokenSource();
        var churn = ChurnAsync(database, stop.Token);

        for (var round = 0; round < 10; round++)
        {
            await using var session = await SnapshotReads.OpenAsync(
                usesWire, database.Source, options: new SnapshotOptions { Connections = 2, LockTimeout = TimeSpan.FromSeconds(20) });
            var texts = await session.ReadTextAsync();
            Assert.Equal("1\n", texts["public.steady"]);
            Assert.All(texts.Where(t => t.Key != "public.steady"), table => Assert.Equal("7\n", table.Value));
        }

        await stop.CancelAsync();
        await churn;
    }

    [Fact]
    public async Task Snapshot_Info_DescribesServerAndInstant()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, "CREATE TABLE t (a int)");
        var before = await database.ScalarAsync<DateTime>("SELECT clock_timestamp()");
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source);

        Assert.Equal(database.Name, session.Snapshot.DatabaseName);
        Assert.Equal(fixture.Server.Major, session.Snapshot.ServerVersionNumber / 10_000);
        Assert.StartsWith(fixture.Server.Major.ToString(CultureInfo.InvariantCulture), session.Snapshot.ServerVersion, StringComparison.Ordinal);
        Assert.Equal("UTF8", session.Snapshot.Encoding);
        Assert.False(session.Snapshot.IsStandby);
        Assert.True(session.Snapshot.TakenAt >= before);
        Assert.Matches("^[0-9A-F]+/[0-9A-F]+$", session.Snapshot.Lsn);
    }

    private static void AssertLedgerHolds(string accounts, string transfers)
    {
        var balances = Rows(accounts).ToDictionary(row => row[0], row => row[1]);
        foreach (var row in Rows(transfers))
        {
            balances[row[1]] += row[3];
            balances[row[2]] -= row[3];
        }

        // With every transfer undone, each account has what it started with: no half transfer was read.
        Assert.Equal(Accounts, balances.Count);
        Assert.All(balances.Values, balance => Assert.Equal(100, balance));
    }

    private static IEnumerable<long[]> Rows(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t').TakeWhile(field => field[0] != 'x').Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray());

    private static async Task MoveMoneyAsync(TestDatabase database, CancellationToken stop)
    {
        await using var connection = await database.OpenAsync();
        while (!stop.IsCancellationRequested)
        {
            var source = Random.Shared.Next(1, Accounts + 1);
            var target = (source % Accounts) + 1;
            await using var command = connection.CreateCommand();
            // Locked in one order, so that the writers do not deadlock.
            command.CommandText =
                $"""
                WITH locked AS (SELECT id FROM account WHERE id IN ({source}, {target}) ORDER BY id FOR UPDATE),
                     moved AS (UPDATE account SET balance = balance + CASE id WHEN {source} THEN -5 ELSE 5 END
                               WHERE id IN (SELECT id FROM locked) RETURNING id)
                INSERT INTO transfer (source, target, amount) SELECT {source}, {target}, 5 FROM moved LIMIT 1
                """;
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private static async Task ChurnAsync(TestDatabase database, CancellationToken stop)
    {
        await using var connection = await database.OpenAsync();
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"CREATE TABLE passing_{i % 5} AS SELECT 7 AS a; DROP TABLE IF EXISTS passing_{(i + 3) % 5}";
            await command.ExecuteNonQueryAsync(CancellationToken.None);
            command.CommandText = "SELECT pg_sleep(0.01)";
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}

[Collection(PostgresFixture.Collection)]
public sealed class SnapshotConsistencyTestsOverNpgsql(PostgresFixture fixture) : SnapshotConsistencyTests(fixture, usesWire: false);

[Collection(PostgresFixture.Collection)]
public sealed class SnapshotConsistencyTestsOverWire(PostgresFixture fixture) : SnapshotConsistencyTests(fixture, usesWire: true);
