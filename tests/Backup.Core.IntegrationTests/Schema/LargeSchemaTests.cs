using System.Data;
using System.Text;
using Backup.Core.IntegrationTests.Postgres;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Schema;

/// <summary>A schema of many columns is read over two connections.</summary>
[Collection(RestoreCollection.Name)]
public sealed class LargeSchemaTests(PostgresFixture postgres)
{
    // 11,200 columns, and indexes of every kind of origin.
    private const string Tables =
        """
        DO $do$
        BEGIN
          FOR t IN 1..8 LOOP
            EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, name text UNIQUE, %s)', t,
              (SELECT string_agg(format('c%s int', c), ', ') FROM generate_series(3, 1400) c));
            EXECUTE format('CREATE INDEX t%1$s_expression ON t%1$s (lower(name)) WHERE c3 > 0; COMMENT ON INDEX t%1$s_expression IS %2$L', t, 'Its index');
          END LOOP;
        END $do$
        """;

    [Fact]
    public async Task ReadAsync_ManyColumns_ReadsIndexesOverASecondConnection()
    {
        await using var database = await TestDatabase.CreateAsync(postgres, Tables);
        var second = await BeginAsync(database);

        Assert.Equal(await TextAsync(database), await TextAsync(database, second));

        Assert.Equal(ConnectionState.Closed, second.State);
    }

    [Fact]
    public async Task ReadAsync_SecondConnectionIsLost_ReadsThemOverTheFirst()
    {
        await using var database = await TestDatabase.CreateAsync(postgres, Tables);
        var second = await BeginAsync(database);
        await database.ExecuteAsync($"SELECT pg_terminate_backend({second.ProcessID}, 5000)");

        Assert.Equal(await TextAsync(database), await TextAsync(database, second));
    }

    [Fact]
    public async Task ReadAsync_FewColumns_OpensNoOther()
    {
        await using var database = await TestDatabase.CreateAsync(postgres, "CREATE TABLE t (id int PRIMARY KEY)");
        await using var connection = await BeginAsync(database);

        var schema = await SchemaReader.ReadAsync(
            connection, _ => throw new InvalidOperationException("Not asked for."), TableSelection.Everything, CancellationToken.None);

        Assert.Contains(schema.Entries, entry => entry.Kind == "CONSTRAINT");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ReadSchemaAsync_ManyColumns_GivesTheSnapshotsSchema(int connections)
    {
        await using var database = await TestDatabase.CreateAsync(postgres, Tables);
        var expected = await TextAsync(database);
        await using var session = await SnapshotReads.OpenAsync(
            usesWire: true, database.Source, options: new SnapshotOptions { Connections = connections });
        await database.ExecuteAsync("CREATE INDEX later ON t1 (c4)");

        var schema = await session.ReadSchemaAsync(
            new SchemaLookup(new SchemaCache()), TableSelection.Everything, known: null, CancellationToken.None);

        Assert.Equal(expected, TextOf(schema));
    }

    private static async Task<string> TextAsync(TestDatabase database, NpgsqlConnection? second = null)
    {
        await using var connection = await BeginAsync(database);
        return TextOf(await SchemaReader.ReadAsync(
            connection, _ => Task.FromResult<CatalogLink?>(second is null ? default(CatalogLink?) : second), TableSelection.Everything, CancellationToken.None));
    }

    private static async Task<NpgsqlConnection> BeginAsync(TestDatabase database)
    {
        var connection = await database.OpenAsync();
        await using var command = new NpgsqlCommand("BEGIN ISOLATION LEVEL REPEATABLE READ", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    private static string TextOf(DatabaseSchema schema)
    {
        var text = new StringBuilder();
        foreach (var entry in schema.Entries)
        {
            text.AppendJoin('|', entry.Kind, entry.Schema, entry.Name, entry.Create, string.Join(',', entry.DependsOn)).Append('\n');
        }

        return text.ToString();
    }
}
