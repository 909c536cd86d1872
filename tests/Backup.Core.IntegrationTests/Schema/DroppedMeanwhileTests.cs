using System.Data;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Schema;

/// <summary>The server's functions that write definitions know what is there now, and not what was at the snapshot's instant.</summary>
[Collection(RestoreCollection.Name)]
public sealed class DroppedMeanwhileTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("DROP TRIGGER t ON v")]
    [InlineData("DROP TRIGGER t ON v; DROP FUNCTION f")]
    [InlineData("DROP STATISTICS s")]
    public async Task ReadAsync_ObjectDroppedSinceTheSnapshot_IsNeverLeftOut(string drop)
    {
        var source = await postgres.CreateDatabaseAsync();
        await SchemaRoundTrip.RunScriptAsync(
            source,
            """
            CREATE TABLE x (a integer, b integer);
            CREATE STATISTICS s ON a, b FROM x;
            CREATE VIEW v AS SELECT 1 AS one;
            CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
            CREATE TRIGGER t INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f();
            """);
        await using var connection = await PostgresFixture.OpenAsync(source);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await using (var snapshot = new Npgsql.NpgsqlCommand("SELECT 1", connection))
        {
            await snapshot.ExecuteNonQueryAsync();
        }

        await SchemaRoundTrip.RunScriptAsync(source, drop + ";");

        var exception = await Assert.ThrowsAsync<DatabaseException>(
            () => SchemaReader.ReadAsync(connection, TableSelection.Everything, CancellationToken.None));
        Assert.Equal(ErrorCategory.Conflict, exception.Category);
        Assert.True(exception.IsTransient);
        Assert.Equal("Schema", exception.Stage);
    }
}
