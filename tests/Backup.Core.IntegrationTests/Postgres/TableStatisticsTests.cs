using Backup.Core.Archives.Manifest;
using Backup.Core.Pipeline;
using Backup.Core.Postgres;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Postgres;

/// <summary>What the server counts of what is written to tables, and what an incremental backup makes of it.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class TableStatisticsTests(PostgresFixture fixture)
{
    private const string Tables =
        """
        CREATE TYPE mood AS ENUM ('fine', 'bad');
        CREATE TYPE pair AS (a int, b int);
        CREATE TABLE plain (id int PRIMARY KEY, words text[], mood mood, at timestamptz, span tstzrange);
        INSERT INTO plain SELECT i, '{a,b}', 'fine', now(), tstzrange(now(), NULL) FROM generate_series(1, 3000) i;
        CREATE TABLE refers (id int, relation regclass);
        CREATE TABLE pairs (id int, pair pair);
        CREATE TABLE other (id int);
        INSERT INTO other VALUES (1);
        """;

    [Theory]
    [InlineData("UPDATE plain SET id = -1 WHERE id = 1", "pg_stat_get_tuples_updated('plain'::regclass) = 1")]
    [InlineData("DELETE FROM plain WHERE id = 1", "pg_stat_get_tuples_deleted('plain'::regclass) = 1")]
    [InlineData("INSERT INTO plain (id) VALUES (0)", "pg_stat_get_tuples_inserted('plain'::regclass) = 3001")]
    [InlineData("TRUNCATE plain", "true")]
    [InlineData("ALTER TABLE plain ADD COLUMN more int DEFAULT 1", "true")]
    [InlineData("ALTER TYPE mood RENAME VALUE 'fine' TO 'good'", "true")]
    [InlineData("VACUUM FULL plain", "true")]
    [InlineData("SELECT pg_stat_reset()", "true")]
    public async Task Writes_AnythingThatMayChangeRowsOrCounters_IsAnother(string change, string isCounted)
    {
        await using var database = await CreateAsync();
        var before = await ReadAsync(database);

        Assert.Equal(State(before["plain"], isAfter: false), State((await ReadAsync(database))["plain"], isAfter: true));
        await database.ExecuteAsync(change);
        await database.WaitUntilAsync(isCounted);
        var after = await ReadAsync(database);

        Assert.NotNull(before["plain"].Writes);
        Assert.NotEqual(State(before["plain"], isAfter: false), State(after["plain"], isAfter: true));
    }

    [Fact]
    public async Task Writes_TablesWhoseTextDependsOnOtherThings_HaveNone()
    {
        await using var database = await CreateAsync();

        var tables = await ReadAsync(database);

        Assert.Equal(["other", "plain"], tables.Where(table => table.Value.Writes is not null).Select(table => table.Key));
        Assert.Equal(3000, tables["plain"].Writes!.Inserted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_StatisticsTrusted_ReadsOnlyWhatWasWrittenTo(bool isFirstMeantToBeFull)
    {
        await using var database = await CreateAsync();
        var sink = new InMemorySink();
        var pipeline = new BackupPipelineBuilder().UsePostgres(database.ConnectionString).UseSink(sink).Build();
        var trusting = new BackupRequest { Incremental = true, TrustStatistics = true };
        var first = await pipeline.RunAsync(trusting with { Incremental = !isFirstMeantToBeFull });
        await database.ExecuteAsync("INSERT INTO other VALUES (2)");
        await database.WaitUntilAsync("pg_stat_get_tuples_inserted('other'::regclass) = 2");

        var result = await pipeline.RunAsync(trusting);

        Assert.Equal((BackupKind.Full, BackupKind.Incremental), (first.Kind, result.Kind));
        Assert.Equal("plain", Assert.Single(result.Tables, table => !table.WasRead).Table.Name);
        var target = await fixture.CreateDatabaseAsync();
        await new RestorePipelineBuilder().UsePostgres(target).UseSink(sink).Build().RunAsync(new RestoreRequest { Backup = result.Id });
        Assert.Empty(TableDigest.Differences(await TableDigest.ReadAsync(database.ConnectionString), await TableDigest.ReadAsync(target)));
    }

    private static (uint File, string Fingerprint, TableWrites? Writes) State(TableInfo table, bool isAfter) =>
        (table.RelationFile, table.Fingerprint, isAfter ? table.WritesAfter : table.Writes);

    private async Task<TestDatabase> CreateAsync()
    {
        var database = await TestDatabase.CreateAsync(fixture, Tables);
        await database.WaitUntilAsync("pg_stat_get_tuples_inserted('plain'::regclass) = 3000 AND pg_stat_get_tuples_inserted('other'::regclass) = 1");
        return database;
    }

    private static async Task<SortedDictionary<string, TableInfo>> ReadAsync(TestDatabase database)
    {
        await using var session = await SnapshotReads.OpenAsync(
            usesWire: false, database.Source, options: new SnapshotOptions { Connections = 1, ReadsFingerprints = true, ReadsStatistics = true });
        return new SortedDictionary<string, TableInfo>(session.Tables.ToDictionary(table => table.Name.Name), StringComparer.Ordinal);
    }
}
