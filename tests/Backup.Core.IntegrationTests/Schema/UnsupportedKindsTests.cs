using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Schema;

[Collection(RestoreCollection.Name)]
public sealed class UnsupportedKindsTests(PostgresFixture postgres)
{
    // A type outside pg_catalog that claims to be defined and is of no sort, as no statement makes one.
    private const string Unknown =
        """
        CREATE SCHEMA strange; CREATE TYPE strange.one; CREATE TYPE strange.two;
        UPDATE pg_catalog.pg_type SET typisdefined = true WHERE typnamespace = 'strange'::regnamespace;
        """;

    [Fact]
    public async Task ReadAsync_ObjectsOfAnUnknownKind_AreNamed()
    {
        var source = await postgres.CreateDatabaseAsync();
        await SchemaRoundTrip.RunScriptAsync(source, Unknown);

        var schema = await SchemaRoundTrip.ReadAsync(source, TableSelection.Everything);

        Assert.Equal(["type strange.one", "type strange.two"], schema.Unsupported.Select(item => item.Name));
    }

    [Fact]
    public async Task ReadAsync_UnsupportedObjectsThatAreNotSelected_AreNotNamed()
    {
        var source = await postgres.CreateDatabaseAsync();
        await SchemaRoundTrip.RunScriptAsync(source, Unknown + "CREATE TABLE public.t (id integer);");

        var schema = await SchemaRoundTrip.ReadAsync(source, new TableSelection { IncludeSchemas = ["public"] });

        Assert.Empty(schema.Unsupported);
        Assert.Contains(schema.Entries, entry => entry is { Kind: "TABLE", Name: "t" });
    }
}
