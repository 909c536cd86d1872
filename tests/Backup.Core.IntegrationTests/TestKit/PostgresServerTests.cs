using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.TestKit;

[Collection(PostgresFixture.Collection)]
public sealed class PostgresServerTests(PostgresFixture postgres)
{
    [Fact]
    public async Task CreateDatabaseAsync_OtherEncoding_IsOfThatEncoding()
    {
        var database = await postgres.CreateDatabaseAsync(new DatabaseOptions { Encoding = "LATIN1", Locale = "C" });

        await using var connection = await PostgresFixture.OpenAsync(database);
        await using var command = connection.CreateCommand();
        command.CommandText = "SHOW server_encoding";
        Assert.Equal("LATIN1", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task SchemaAsync_SameSchemaTwice_IsTheSameText()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var connection = await PostgresFixture.OpenAsync(database);
        await using var command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE ledger (id int PRIMARY KEY, amount numeric NOT NULL)";
        await command.ExecuteNonQueryAsync();

        var dump = await PgDump.SchemaAsync(database);

        Assert.Contains("CREATE TABLE public.ledger", dump, StringComparison.Ordinal);
        Assert.Equal(dump, await PgDump.SchemaAsync(database));
    }

    [Fact]
    public async Task Differences_OneChangedRow_NamesItsTable()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var connection = await PostgresFixture.OpenAsync(database);
        await using var command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE a AS SELECT g AS n FROM generate_series(1, 100) g; CREATE TABLE b AS SELECT 1 AS n";
        await command.ExecuteNonQueryAsync();
        var before = await TableDigest.ReadAsync(database);

        command.CommandText = "UPDATE a SET n = 0 WHERE n = 50";
        await command.ExecuteNonQueryAsync();

        var difference = Assert.Single(TableDigest.Differences(before, await TableDigest.ReadAsync(database)));
        Assert.StartsWith("public.a: 100 rows", difference, StringComparison.Ordinal);
    }
}
