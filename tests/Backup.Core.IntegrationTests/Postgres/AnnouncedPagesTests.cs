using System.Text;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Postgres;

/// <summary>Small tables, or pages of one, that a reader is told of beforehand, so that it can ask for all of them at once.</summary>
public abstract class AnnouncedPagesTests(PostgresFixture fixture, bool usesWire)
{
    private const int Tables = 40;

    // Every fifth table is empty, and one gives more than all buffers on the way hold.
    private static readonly string Fill = string.Concat(Enumerable.Range(0, Tables).Select(number =>
        $"CREATE TABLE t{number} (id int, body text); INSERT INTO t{number} SELECT i, 'of {number}' FROM generate_series(1, {(number == 7 ? 200_000 : number % 5)}) i;"));

    [Fact]
    public async Task Read_AnnouncedTables_GivesEachItsOwnRows()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Fill);
        await using var session = await OpenAsync(database);
        await using var reader = session.OpenReader(1);
        var pages = Pages(session);

        reader.Announce(pages);
        var texts = new List<string>();
        foreach (var page in pages)
            texts.Add(Encoding.UTF8.GetString(await reader.ReadAsync(page)));

        Assert.Equal(pages.Select(page => Expected(page.Table)), texts);
    }

    [Fact]
    public async Task Read_AnnouncedPagesOfOneTable_GivesEachItsOwnRowsAlsoWhenToldAgain()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Fill);
        await using var session = await OpenAsync(database);
        await using var reader = session.OpenReader(1);
        var table = session.Tables.Single(table => table.Name.Name == "t7");
        TablePage[] pages = [.. PagePlanner.Plan(table, new PageLimits { MaxBlocks = 128 })];

        var texts = new List<string>();
        for (var index = 0; index < pages.Length; index++)
        {
            reader.Announce(pages[index..]);
            texts.Add(Encoding.UTF8.GetString(await reader.ReadAsync(pages[index])));
            if (index == 2)
                Assert.Equal(texts[^1], Encoding.UTF8.GetString(await reader.ReadAsync(pages[index])));
        }

        Assert.True(pages.Length > 4);
        Assert.Equal(Expected(table), string.Concat(texts));
    }

    [Fact]
    public async Task Read_AnnouncedTableIsWantedExclusively_ComesOverTheCoordinator()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Fill);
        var logger = new RecordingLogger();
        await using var session = await OpenAsync(database, logger);
        await using var other = await database.OpenAsync();
        await using var command = other.CreateCommand();
        command.CommandText = "TRUNCATE t4";
        command.CommandTimeout = 0;
        var change = command.ExecuteNonQueryAsync();
        await database.WaitUntilAsync("EXISTS (SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted)");
        await using var reader = session.OpenReader(1);
        var pages = Pages(session);

        reader.Announce(pages);
        var texts = new List<string>();
        foreach (var page in pages)
            texts.Add(Encoding.UTF8.GetString(await reader.ReadAsync(page)));

        Assert.Equal(pages.Select(page => Expected(page.Table)), texts);
        Assert.Contains(logger.Texts, text => text.Contains("wants public.t4 exclusively", StringComparison.Ordinal));
        await reader.DisposeAsync();
        await session.DisposeAsync();
        await change;
    }

    [Fact]
    public async Task Read_AnnouncedTableCannotBeRead_NamesItAndLeavesTheReaderUsable()
    {
        // An enumeration whose label is gone has no text.
        await using var database = await TestDatabase.CreateAsync(
            fixture, Fill + "CREATE TYPE mood AS ENUM ('fine'); CREATE TABLE broken (m mood); INSERT INTO broken VALUES ('fine'); DELETE FROM pg_enum WHERE enumtypid = 'mood'::regtype;");
        await using var session = await OpenAsync(database);
        await using var reader = session.OpenReader(1);
        var pages = Pages(session);
        var broken = pages.Single(page => page.Table.Name.Name == "broken");
        pages.Remove(broken);
        pages.Insert(2, broken);

        reader.Announce(pages);
        await reader.ReadAsync(pages[0]);
        await reader.ReadAsync(pages[1]);
        var fault = await Assert.ThrowsAsync<DatabaseException>(() => reader.ReadAsync(pages[2]));
        await reader.CloseAsync();

        Assert.Equal("public.broken", fault.Subject);
        Assert.True(reader.IsUsable);
        Assert.Equal(Expected(pages[3].Table), Encoding.UTF8.GetString(await reader.ReadAsync(pages[3])));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Read_AnotherPageThanAnnounced_IsReadAllTheSame(int read)
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Fill);
        await using var session = await OpenAsync(database);
        await using var reader = session.OpenReader(1);
        var pages = Pages(session);

        reader.Announce(pages);
        foreach (var page in pages.Take(read))
            await reader.ReadAsync(page);
        var text = Encoding.UTF8.GetString(await reader.ReadAsync(pages[^1]));

        Assert.Equal(Expected(pages[^1].Table), text);
        Assert.Equal(Expected(pages[5].Table), Encoding.UTF8.GetString(await reader.ReadAsync(pages[5])));
    }

    [Fact]
    public async Task DisposeAsync_AmidAnnouncedTables_EndsAtOnceAndFreesTheTables()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Fill);
        var session = await OpenAsync(database);
        var reader = session.OpenReader(1);
        var pages = Pages(session);
        pages = [.. pages.Where(page => page.Table.Name.Name != "t7"), pages.Single(page => page.Table.Name.Name == "t7")];

        reader.Announce(pages);
        await reader.ReadAsync(pages[0]);
        await reader.OpenAsync(pages[1], default);
        await reader.DisposeAsync();
        await session.DisposeAsync();

        await database.ExecuteAsync("DROP TABLE t7");
    }

    private Task<SnapshotSession> OpenAsync(TestDatabase database, RecordingLogger? logger = null) =>
        SnapshotReads.OpenAsync(usesWire, database.Source, options: new SnapshotOptions { Connections = 2 }, logger: logger);

    private static List<TablePage> Pages(SnapshotSession session) =>
        [.. session.Tables.Select(table => new TablePage(table, 1, 0, null))];

    private static string Expected(TableInfo table)
    {
        var number = table.Name.Name[1..];
        var rows = number == "7" ? 200_000 : int.Parse(number, System.Globalization.CultureInfo.InvariantCulture) % 5;
        return string.Concat(Enumerable.Range(1, rows).Select(i => $"{i}\tof {number}\n"));
    }
}

[Collection(PostgresFixture.Collection)]
public sealed class AnnouncedPagesTestsOverNpgsql(PostgresFixture fixture) : AnnouncedPagesTests(fixture, usesWire: false);

[Collection(PostgresFixture.Collection)]
public sealed class AnnouncedPagesTestsOverWire(PostgresFixture fixture) : AnnouncedPagesTests(fixture, usesWire: true);
