using Backup.Core.Postgres;
using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Schema;

[Collection(RestoreCollection.Name)]
public sealed class WholeSchemaTests(PostgresFixture postgres)
{
    [Fact]
    public async Task ReadAsync_Application_ComesBackIdentical()
    {
        var source = await postgres.CreateDatabaseAsync();
        await ApplicationSchema.CreateAsync(source);

        await SchemaRoundTrip.AssertIdenticalToAsync(postgres, source);
    }

    [Fact]
    public async Task ReadAsync_ExcludedTable_TakesWhatBelongsToItAlong()
    {
        var source = await postgres.CreateDatabaseAsync();
        await SchemaRoundTrip.RunScriptAsync(
            source,
            """
            CREATE TABLE gone (id serial PRIMARY KEY, n int CHECK (n > 0));
            CREATE INDEX gone_n ON gone (n);
            COMMENT ON COLUMN gone.n IS 'n'; GRANT SELECT ON gone TO PUBLIC;
            ALTER TABLE gone ENABLE ROW LEVEL SECURITY;
            CREATE TABLE kept (id int);
            """);

        var schema = await SchemaRoundTrip.ReadAsync(source, new TableSelection { ExcludeTables = ["public.gone"] });

        Assert.Equal(["kept", "kept"], schema.Entries.Select(entry => entry.Name));
        await SchemaRoundTrip.RestoreAsync(postgres, schema);
    }

    [Fact]
    public async Task ReadAsync_PartitionWithoutItsParent_IsATableOfItsOwn()
    {
        var source = await postgres.CreateDatabaseAsync();
        await SchemaRoundTrip.RunScriptAsync(
            source,
            """
            CREATE TABLE parted (id int PRIMARY KEY, n int NOT NULL) PARTITION BY RANGE (id);
            CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (9);
            """);

        var schema = await SchemaRoundTrip.ReadAsync(source, new TableSelection { IncludeTables = ["public.part"] });

        Assert.DoesNotContain(schema.Entries, entry => entry.Kind.EndsWith("ATTACH", StringComparison.Ordinal));
        await SchemaRoundTrip.RestoreAsync(postgres, schema);
    }

    [Fact]
    public async Task ReadAsync_ManyTables_TakesTheSameNumberOfQueries()
    {
        var one = await QueriesAsync(tables: 1);
        var many = await QueriesAsync(tables: 100);

        Assert.Equal(one, many);
    }

    private async Task<long> QueriesAsync(int tables)
    {
        var source = await postgres.CreateDatabaseAsync();
        await SchemaRoundTrip.RunScriptAsync(
            source,
            $"""
            SELECT format('CREATE TABLE t%s (id serial PRIMARY KEY, n int NOT NULL DEFAULT 1 CHECK (n > 0))', i)
            FROM generate_series(1, {tables}) i \gexec
            """);
        using var listener = new CommandCounter();
        await SchemaRoundTrip.ReadAsync(source, TableSelection.Everything);
        return listener.Count;
    }
}
