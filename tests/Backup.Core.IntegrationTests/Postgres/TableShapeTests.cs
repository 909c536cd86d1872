using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Postgres;

public abstract class TableShapeTests(PostgresFixture fixture, bool usesWire)
{
    [Fact]
    public async Task Read_DroppedAndGeneratedColumns_AreLeftOut()
    {
        await using var database = await TestDatabase.CreateAsync(
            fixture,
            """
            CREATE TABLE t (a int, gone text, b int GENERATED ALWAYS AS (a * 2) STORED, c text);
            INSERT INTO t (a, gone, c) VALUES (1, 'x', 'one'), (2, 'y', NULL);
            ALTER TABLE t DROP COLUMN gone;
            """);
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source);

        Assert.Equal(["a", "c"], Assert.Single(session.Tables).Columns);
        Assert.Equal("1\tone\n2\t\\N\n", (await session.ReadTextAsync())["public.t"]);
    }

    [Fact]
    public async Task Read_NoColumns_GivesAnEmptyLineARow()
    {
        await using var database = await TestDatabase.CreateAsync(
            fixture,
            """
            CREATE TABLE nothing (); INSERT INTO nothing SELECT FROM generate_series(1, 3);
            CREATE TABLE generated (a int GENERATED ALWAYS AS (7) STORED); INSERT INTO generated DEFAULT VALUES;
            CREATE TABLE vacant ();
            """);
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source);

        var texts = await session.ReadTextAsync();

        Assert.Equal(("\n\n\n", "\n", ""), (texts["public.nothing"], texts["public.generated"], texts["public.vacant"]));
    }

    [Fact]
    public async Task Read_PartitionsAndChildren_GivesEachTableItsOwnRows()
    {
        await using var database = await TestDatabase.CreateAsync(
            fixture,
            """
            CREATE TABLE sale (id int, region text) PARTITION BY LIST (region);
            CREATE TABLE sale_eu PARTITION OF sale FOR VALUES IN ('eu');
            CREATE TABLE sale_rest PARTITION OF sale DEFAULT PARTITION BY RANGE (id);
            CREATE TABLE sale_rest_1 PARTITION OF sale_rest FOR VALUES FROM (0) TO (100);
            INSERT INTO sale VALUES (1, 'eu'), (2, 'us');
            CREATE TABLE parent (a int); CREATE TABLE child () INHERITS (parent);
            INSERT INTO parent VALUES (1); INSERT INTO child VALUES (2);
            """);
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source);

        var texts = await session.ReadTextAsync(SnapshotReads.OneBlock);

        Assert.Equal(["public.child", "public.parent", "public.sale_eu", "public.sale_rest_1"], texts.Keys);
        Assert.Equal(["2\n", "1\n", "1\teu\n", "2\tus\n"], texts.Values);
    }

    [Fact]
    public async Task Tables_OtherRelations_AreNotAmongThem()
    {
        await using var database = await TestDatabase.CreateAsync(
            fixture,
            """
            CREATE TABLE kept (a int); CREATE UNLOGGED TABLE unlogged (a int); INSERT INTO unlogged VALUES (1);
            CREATE TEMP TABLE temporary (a int);
            CREATE VIEW v AS SELECT * FROM kept; CREATE MATERIALIZED VIEW m AS SELECT * FROM kept; CREATE SEQUENCE s;
            CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw;
            CREATE FOREIGN TABLE f (a int) SERVER far;
            """);
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source);

        var texts = await session.ReadTextAsync();

        Assert.Equal(["public.kept", "public.unlogged"], texts.Keys);
        Assert.Equal("1\n", texts["public.unlogged"]);
    }

    [Fact]
    public async Task Read_TablesOfExtensions_GivesOnlyWhatTheirConfigurationDeclares()
    {
        // Extensions of one's own need files on the server: members and conditions are set in the catalog instead.
        await using var database = await TestDatabase.CreateAsync(
            fixture,
            """
            CREATE EXTENSION pg_trgm;
            CREATE TABLE setting (id int, name text); INSERT INTO setting VALUES (1, 'shipped'), (2, 'own');
            CREATE TABLE choice (id int); INSERT INTO choice VALUES (7);
            CREATE TABLE internal (id int); INSERT INTO internal VALUES (1);
            ALTER EXTENSION pg_trgm ADD TABLE setting; ALTER EXTENSION pg_trgm ADD TABLE choice; ALTER EXTENSION pg_trgm ADD TABLE internal;
            UPDATE pg_extension SET extconfig = ARRAY['setting'::regclass::oid, 'choice'::regclass::oid],
                extcondition = ARRAY['WHERE id > 1', ''] WHERE extname = 'pg_trgm';
            """);
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source);

        var texts = await session.ReadTextAsync();

        Assert.Equal(["public.choice", "public.setting"], texts.Keys);
        Assert.Equal(["7\n", "2\town\n"], texts.Values);
        Assert.Equal("id > 1", session.Tables.Single(t => t.Name.Name == "setting").Condition);
    }

    [Theory]
    [InlineData("select")]
    [InlineData("UPPER lower")]
    [InlineData("quote\"s and 'ticks'")]
    [InlineData("line\nfeed\ttab\\")]
    [InlineData("dot.and;semicolon--")]
    [InlineData(":colon @at $1 %s {0}")]
    [InlineData("поле日本é😀")]
    public async Task Read_HardNames_AreTakenAsTheyAre(string name)
    {
        var quoted = SqlText.Identifier(name);
        await using var database = await TestDatabase.CreateAsync(
            fixture, $"CREATE SCHEMA {quoted}; CREATE TABLE {quoted}.{quoted} ({quoted} int); INSERT INTO {quoted}.{quoted} SELECT generate_series(1, 500)");
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source, options: new SnapshotOptions { Connections = 2, Pages = SnapshotReads.OneBlock });

        var rows = (await session.ReadTextAsync(SnapshotReads.OneBlock))[$"{name}.{name}"];

        Assert.Equal(new QualifiedName(name, name), Assert.Single(session.Tables).Name);
        Assert.Equal(string.Concat(Enumerable.Range(1, 500).Select(i => $"{i}\n")), rows);
    }

    [Fact]
    public async Task Read_RowLargerThanAPageAndABuffer_IsWhole()
    {
        const int Length = 200 * 1024 * 1024;
        await using var database = await TestDatabase.CreateAsync(
            fixture, $"CREATE TABLE big (id int, body text); INSERT INTO big VALUES (1, 'small'), (2, repeat('0123456789abcdef', {Length / 16})), (3, 'small')");
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source);
        await using var reader = session.OpenReader(0);
        var buffer = new byte[1024 * 1024];
        long bytes = 0;
        var rows = 0;
        foreach (var page in PagePlanner.Plan(session.Tables[0], new PageLimits()))
        {
            await reader.OpenAsync(page, CancellationToken.None);
            for (int count; (count = await reader.ReadAsync(buffer, CancellationToken.None)) > 0; bytes += count)
                rows += CopyText.CountRows(buffer.AsSpan(0, count));
            await reader.CloseAsync();
        }

        Assert.Equal(3, rows);
        Assert.Equal(Length + "1\tsmall\n2\t\n3\tsmall\n".Length, bytes);
    }

    [Fact]
    public async Task Read_AnyPaging_GivesTheSameBytesInTheSameOrder()
    {
        await using var database = await TestDatabase.CreateAsync(
            fixture,
            """
            CREATE TABLE t (id int PRIMARY KEY, body text);
            INSERT INTO t SELECT i, repeat(md5(i::text), 1 + i % 200) FROM generate_series(1, 3000) i;
            DELETE FROM t WHERE id % 7 = 0; UPDATE t SET body = body || '!' WHERE id % 11 = 0; ANALYZE t;
            """);
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source, options: new SnapshotOptions { Connections = 2, Pages = SnapshotReads.OneBlock });

        var whole = (await session.ReadAllAsync())["public.t"];

        Assert.Equal(2572, CopyText.CountRows(whole));
        foreach (var blocks in (int[])[1, 2, 16])
            Assert.Equal(whole, (await session.ReadAllAsync(new PageLimits { MaxBlocks = blocks }))["public.t"]);
    }

    [Fact]
    public async Task Read_SettingsOfRoleAndDatabase_DoNotChangeTheText()
    {
        await using var database = await TestDatabase.CreateAsync(
            fixture,
            """
            CREATE TABLE t (a float8, b timestamptz, c interval, d bytea, e money, f date, g xml);
            INSERT INTO t VALUES (0.1::float8 + 0.2::float8, '2026-01-02 03:04:05.678901+05', '1 year 2 mons 3 days 04:05:06', '\x00ff', 12.5, '2026-11-22', '<a/><b/>');
            """);
        await database.ExecuteAsync(
            $"""
            ALTER DATABASE {database.Name} SET datestyle = 'SQL, DMY'; ALTER DATABASE {database.Name} SET intervalstyle = 'iso_8601';
            ALTER DATABASE {database.Name} SET extra_float_digits = 0; ALTER DATABASE {database.Name} SET bytea_output = 'escape';
            ALTER DATABASE {database.Name} SET timezone = 'Asia/Tokyo'; ALTER DATABASE {database.Name} SET xmloption = 'document';
            ALTER DATABASE {database.Name} SET search_path = 'public'; ALTER DATABASE {database.Name} SET enable_tidscan = off;
            """);
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source);

        Assert.Equal(
            "0.30000000000000004\t2026-01-01 22:04:05.678901+00\t1 year 2 mons 3 days 04:05:06\t\\\\x00ff\t$12.50\t2026-11-22\t<a/><b/>\n",
            (await session.ReadTextAsync())["public.t"]);
    }

    [Fact]
    public async Task OpenAsync_PatternThatMatchesNothing_IsNamed()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, "CREATE TABLE film (a int)");

        var fault = await Assert.ThrowsAsync<DatabaseException>(
            () => SnapshotReads.OpenAsync(usesWire, database.Source, new TableSelection { IncludeTables = ["public.film", "public.Film"] }));

        Assert.Equal("public.Film", fault.Subject);
        Assert.Contains("'public.Film' matches nothing", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_Selection_LocksAndListsOnlyThat()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, "CREATE TABLE film (a int); CREATE TABLE actor (a int)");
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source, new TableSelection { ExcludeTables = ["public.actor"] });

        await database.ExecuteAsync("SET lock_timeout = '1s'; DROP TABLE actor");

        Assert.Equal(new QualifiedName("public", "film"), Assert.Single(session.Tables).Name);
    }
}

[Collection(PostgresFixture.Collection)]
public sealed class TableShapeTestsOverNpgsql(PostgresFixture fixture) : TableShapeTests(fixture, usesWire: false);

[Collection(PostgresFixture.Collection)]
public sealed class TableShapeTestsOverWire(PostgresFixture fixture) : TableShapeTests(fixture, usesWire: true);
