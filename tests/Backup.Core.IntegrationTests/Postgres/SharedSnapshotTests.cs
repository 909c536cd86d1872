using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backup.Core.IntegrationTests.Postgres;

/// <summary>Sessions of other processes that join a snapshot to read a part of it.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class SharedSnapshotTests(PostgresFixture fixture)
{
    private const string Fill = "CREATE TABLE t (id int PRIMARY KEY, body text); INSERT INTO t SELECT i, repeat('x', 500) FROM generate_series(1, 500) i;";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task JoinAsync_RowsHaveChangedSince_ReadsTheSharedInstant(bool usesWire)
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Fill);
        await using var holder = await OpenAsync(database, usesWire);
        await database.ExecuteAsync("DELETE FROM t WHERE id > 100");

        await using var session = await JoinAsync(database, holder, usesWire);

        Assert.Equal(holder.Snapshot, session.Snapshot);
        Assert.Equal(500, CopyText.CountRows((await session.ReadAllAsync(SnapshotReads.OneBlock))["public.t"]));
    }

    [Fact]
    public async Task JoinAsync_AnotherSessionWaitsForTheTable_IsAConflict()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Fill);
        await using var holder = await OpenAsync(database, usesWire: true);
        await using var other = await database.OpenAsync();
        await using var command = other.CreateCommand();
        command.CommandText = "TRUNCATE t";
        command.CommandTimeout = 0;
        var change = command.ExecuteNonQueryAsync();
        await database.WaitUntilAsync("EXISTS (SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted)");

        var fault = await Assert.ThrowsAsync<DatabaseException>(() => JoinAsync(database, holder, usesWire: true));

        Assert.Equal("55P03", fault.SqlState);
        Assert.Equal(ErrorCategory.Conflict, fault.Category);
        Assert.False(change.IsCompleted);
        await holder.DisposeAsync();
        await change;
    }

    [Fact]
    public async Task JoinAsync_AnotherSessionWaitsOnceItHasJoined_GoesOn()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Fill);
        await using var holder = await OpenAsync(database, usesWire: true);
        await using var session = await JoinAsync(database, holder, usesWire: true);
        await using var other = await database.OpenAsync();
        await using var command = other.CreateCommand();
        command.CommandText = "TRUNCATE t";
        command.CommandTimeout = 0;
        var change = command.ExecuteNonQueryAsync();
        await database.WaitUntilAsync("EXISTS (SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted)");

        var bytes = (await session.ReadAllAsync(SnapshotReads.OneBlock))["public.t"];

        Assert.Equal(500, CopyText.CountRows(bytes));
        await session.DisposeAsync();
        await holder.DisposeAsync();
        await change;
    }

    [Fact]
    public async Task JoinAsync_SnapshotIsGone_Fails()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Fill);
        var holder = await OpenAsync(database, usesWire: true);
        await holder.DisposeAsync();

        await Assert.ThrowsAsync<DatabaseException>(() => JoinAsync(database, holder, usesWire: true));
    }

    private static Task<SnapshotSession> OpenAsync(TestDatabase database, bool usesWire) => SnapshotReads.OpenAsync(
        usesWire, database.Source, options: new SnapshotOptions { Connections = 1, IsShared = true, Pages = SnapshotReads.OneBlock });

    private static Task<SnapshotSession> JoinAsync(TestDatabase database, SnapshotSession holder, bool usesWire) => SnapshotSession.JoinAsync(
        database.Source,
        holder.Shared!,
        holder.Tables,
        new SnapshotOptions { Connections = 2, UsesWire = usesWire, Pages = SnapshotReads.OneBlock },
        NullLogger.Instance,
        CancellationToken.None);
}
