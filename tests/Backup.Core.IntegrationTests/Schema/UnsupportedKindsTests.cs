using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Schema;

[Collection(PostgresFixture.Collection)]
public sealed class UnsupportedKindsTests(PostgresFixture postgres)
{
    [Fact]
    public async Task ReadAsync_LargeObjects_FailsAndNamesThem()
    {
        var source = await postgres.CreateDatabaseAsync();
        await SchemaRoundTrip.RunScriptAsync(source, "SELECT lo_create(4711); SELECT lo_create(4712);");

        var error = await Assert.ThrowsAsync<DatabaseException>(
            () => SchemaRoundTrip.ReadAsync(source, TableSelection.Everything));

        Assert.Contains("large object 4711, large object 4712", error.Message, StringComparison.Ordinal);
        Assert.Equal("large object 4711", error.Subject);
        Assert.NotNull(error.Hint);
    }

    [Fact]
    public async Task ReadAsync_UnsupportedObjectsThatAreNotSelected_AreNoReasonToFail()
    {
        var source = await postgres.CreateDatabaseAsync();
        await SchemaRoundTrip.RunScriptAsync(source, "SELECT lo_create(4711); CREATE TABLE public.t (id integer);");

        var schema = await SchemaRoundTrip.ReadAsync(source, new TableSelection { IncludeSchemas = ["public"] });

        Assert.Contains(schema.Entries, entry => entry is { Kind: "TABLE", Name: "t" });
    }
}
