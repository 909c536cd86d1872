using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Schema;

[Collection(PostgresFixture.Collection)]
public sealed class UnsupportedKindsTests(PostgresFixture postgres)
{
    // A pseudo-type outside pg_catalog, as no statement makes one.
    private const string Unknown =
        """
        CREATE SCHEMA strange; CREATE TYPE strange.one; CREATE TYPE strange.two;
        UPDATE pg_catalog.pg_type SET typisdefined = true WHERE typnamespace = 'strange'::regnamespace;
        """;

    [Fact]
    public async Task ReadAsync_ObjectsOfAnUnknownKind_FailsAndNamesThem()
    {
        var source = await postgres.CreateDatabaseAsync();
        await SchemaRoundTrip.RunScriptAsync(source, Unknown);

        var error = await Assert.ThrowsAsync<DatabaseException>(
            () => SchemaRoundTrip.ReadAsync(source, TableSelection.Everything));

        Assert.Contains("type strange.one, type strange.two", error.Message, StringComparison.Ordinal);
        Assert.Equal("type strange.one", error.Subject);
        Assert.NotNull(error.Hint);
    }

    [Fact]
    public async Task ReadAsync_UnsupportedObjectsThatAreNotSelected_AreNoReasonToFail()
    {
        var source = await postgres.CreateDatabaseAsync();
        await SchemaRoundTrip.RunScriptAsync(source, Unknown + "CREATE TABLE public.t (id integer);");

        var schema = await SchemaRoundTrip.ReadAsync(source, new TableSelection { IncludeSchemas = ["public"] });

        Assert.Contains(schema.Entries, entry => entry is { Kind: "TABLE", Name: "t" });
    }
}
