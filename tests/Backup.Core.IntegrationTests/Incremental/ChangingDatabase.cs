using System.Globalization;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Incremental;

/// <summary>A database whose tables, of some pages each, are changed at random in every way that there is.</summary>
/// <param name="connectionString">The database.</param>
/// <param name="random">What is changed next.</param>
internal sealed class ChangingDatabase(string connectionString, Random random)
{
    private const int Tables = 6;
    private const int Rows = 2_000;

    private readonly List<string> _tables = [];
    private readonly Queue<Func<string[]>> _changes = [];
    private int _made;

    /// <summary>Makes the tables.</summary>
    public async Task CreateAsync()
    {
        await ExecuteAsync(
            "CREATE SCHEMA life",
            "CREATE TYPE life.state AS ENUM ('new', 'done')",
            "CREATE TABLE life.parted (id int, v text) PARTITION BY RANGE (id)",
            "CREATE TABLE life.low PARTITION OF life.parted FOR VALUES FROM (0) TO (1000)",
            "CREATE TABLE life.high PARTITION OF life.parted FOR VALUES FROM (1000) TO (1000000)",
            "INSERT INTO life.parted SELECT i, md5(i::text) FROM generate_series(0, 3000) i",
            "CREATE TABLE life.long (id int, v text)",
            "ALTER TABLE life.long ALTER v SET STORAGE EXTERNAL",
            "INSERT INTO life.long SELECT i, repeat(md5(i::text), 2000) FROM generate_series(1, 8) i",
            "CREATE TABLE life.still AS SELECT i AS id, md5(i::text) AS v FROM generate_series(1, 3000) i",
            "CREATE TABLE life.none ()");
        for (var table = 0; table < Tables; table++)
        {
            await ExecuteAsync(MakeTable());
        }
    }

    /// <summary>Makes some of the changes; each kind of them comes before any comes again.</summary>
    public async Task ChangeAsync(int count)
    {
        for (var number = 0; number < count; number++)
        {
            if (_changes.Count == 0)
            {
                Func<string[]>[] kinds =
                [
                    Insert, Update, Update, Delete, Truncate, VacuumFull, Vacuum, AddColumn, DropColumn, ChangeType, Rename, DropAndCreate,
                    MakeTable, DropTable, UpdateLong, MovePartition, RenameLabel, Redefine,
                ];
                random.Shuffle(kinds);
                Array.ForEach(kinds, _changes.Enqueue);
            }

            await ExecuteAsync(_changes.Dequeue()());
        }
    }

    private string Some => _tables[random.Next(_tables.Count)];

    private string[] Insert() => [$"INSERT INTO {Some} (v) SELECT md5(i::text) FROM generate_series(1, {random.Next(10, 500)}) i"];

    private string[] Update() => [$"UPDATE {Some} SET v = v || 'x' WHERE id % {random.Next(3, 400)} = 0"];

    private string[] Delete() => [$"DELETE FROM {Some} WHERE id % {random.Next(3, 50)} = 1"];

    private string[] Truncate() => [$"TRUNCATE {Some} RESTART IDENTITY"];

    private string[] VacuumFull() => [$"VACUUM FULL {Some}"];

    private string[] Vacuum() => ["VACUUM ANALYZE"];

    private string[] AddColumn() => [$"ALTER TABLE {Some} ADD COLUMN more_{++_made} int DEFAULT {random.Next(100)}"];

    private string[] DropColumn()
    {
        var table = Some;
        return [$"ALTER TABLE {table} ADD COLUMN brief int", $"UPDATE {table} SET brief = 1 WHERE id < 5", $"ALTER TABLE {table} DROP COLUMN brief"];
    }

    private string[] ChangeType() => [$"ALTER TABLE {Some} ALTER n TYPE bigint USING n + 1"];

    private string[] Rename()
    {
        var index = random.Next(_tables.Count);
        var renamed = Make("renamed");
        var statement = $"ALTER TABLE {_tables[index]} RENAME TO {renamed["life.".Length..]}";
        _tables[index] = renamed;
        return [statement];
    }

    private string[] DropAndCreate()
    {
        var table = Some;
        return [$"DROP TABLE {table}", .. Create(table)];
    }

    private string[] MakeTable()
    {
        _tables.Add(Make("t"));
        return Create(_tables[^1]);
    }

    private string[] DropTable()
    {
        var table = Some;
        _tables.Remove(table);
        return [$"DROP TABLE {table}"];
    }

    private string[] UpdateLong() => [$"UPDATE life.long SET v = repeat(md5('{random.Next()}'), 2000) WHERE id = {random.Next(1, 9)}"];

    private string[] MovePartition() =>
    [
        "ALTER TABLE life.parted DETACH PARTITION life.low",
        $"UPDATE life.low SET v = 'moved' WHERE id % {random.Next(2, 200)} = 0",
        "ALTER TABLE life.parted ATTACH PARTITION life.low FOR VALUES FROM (0) TO (1000)",
    ];

    private string[] RenameLabel()
    {
        var label = $"label {++_made}";
        return [$"ALTER TYPE life.state ADD VALUE '{label}'", $"UPDATE {Some} SET state = '{label}' WHERE id % 7 = 0", $"ALTER TYPE life.state RENAME VALUE '{label}' TO '{label} renamed'"];
    }

    private string[] Redefine() =>
    [
        $"CREATE OR REPLACE FUNCTION life.number() RETURNS int LANGUAGE sql AS 'SELECT {random.Next()}'",
        $"COMMENT ON SCHEMA life IS '{random.Next()}'",
    ];

    private string[] Create(string table) =>
    [
        $"CREATE TABLE {table} (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int DEFAULT 1, state life.state DEFAULT 'new', v text)",
        $"INSERT INTO {table} (v) SELECT md5((i * {random.Next(1, 1000)})::text) || repeat('y', 60) FROM generate_series(1, {random.Next(Rows)}) i",
    ];

    private string Make(string kind) => string.Create(CultureInfo.InvariantCulture, $"life.{kind}_{++_made}");

    private async Task ExecuteAsync(params string[] statements)
    {
        await using var connection = await PostgresFixture.OpenAsync(connectionString);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
