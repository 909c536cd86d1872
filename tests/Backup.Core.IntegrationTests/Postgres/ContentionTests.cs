using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Postgres;

public abstract class ContentionTests(PostgresFixture fixture, bool usesWire)
{
    private const string Fill = "CREATE TABLE t (id int PRIMARY KEY, body text); INSERT INTO t SELECT i, repeat('x', 500) FROM generate_series(1, 500) i;";

    [Theory]
    [InlineData("ALTER TABLE t ADD COLUMN later int")]
    [InlineData("TRUNCATE t")]
    [InlineData("DROP TABLE t")]
    [InlineData("VACUUM FULL t")]
    [InlineData("REINDEX TABLE t")]
    public async Task Read_AnotherSessionWaitsForTheTable_GoesOnOverTheCoordinator(string statement)
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Fill);
        var logger = new RecordingLogger();
        await using var session = await SnapshotReads.OpenAsync(
            usesWire, database.Source, options: new SnapshotOptions { Connections = 2, Pages = SnapshotReads.OneBlock }, logger: logger);
        await using var other = await database.OpenAsync();
        await using var command = other.CreateCommand();
        command.CommandText = statement;
        command.CommandTimeout = 0;
        var change = command.ExecuteNonQueryAsync();
        await database.WaitUntilAsync("EXISTS (SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted)");

        var bytes = (await session.ReadAllAsync(SnapshotReads.OneBlock))["public.t"];

        Assert.Equal(500, CopyText.CountRows(bytes));
        Assert.Contains(logger.Texts, text => text.Contains("wants public.t exclusively", StringComparison.Ordinal));
        Assert.False(change.IsCompleted);
        await session.DisposeAsync();
        await change;
    }

    [Fact]
    public async Task OpenAsync_TableLockedForLong_NamesTheTableAndTheSession()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Fill);
        await using var other = await PostgresFixture.OpenAsync(database.With(settings => settings.ApplicationName = "nightly migration"));
        await using var command = other.CreateCommand();
        command.CommandText = "BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE";
        await command.ExecuteNonQueryAsync();

        var fault = await Assert.ThrowsAsync<DatabaseException>(() => SnapshotReads.OpenAsync(
            usesWire, database.Source, options: new SnapshotOptions { Connections = 1, LockTimeout = TimeSpan.FromMilliseconds(100) }));

        Assert.Equal("public.t", fault.Subject);
        Assert.StartsWith($"public.t could not be locked within 0.1 s: process {other.ProcessID} of nightly migration (role postgres, in a transaction since", fault.Message, StringComparison.Ordinal);
        Assert.True(fault.IsTransient);
    }
}

[Collection(PostgresFixture.Collection)]
public sealed class ContentionTestsOverNpgsql(PostgresFixture fixture) : ContentionTests(fixture, usesWire: false);

[Collection(PostgresFixture.Collection)]
public sealed class ContentionTestsOverWire(PostgresFixture fixture) : ContentionTests(fixture, usesWire: true);
