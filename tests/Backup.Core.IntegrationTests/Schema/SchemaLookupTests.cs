using System.Data;
using System.Globalization;
using System.Text;
using Backup.Core.IntegrationTests.Postgres;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Schema;

/// <summary>A schema is taken from an earlier reading exactly where reading the catalogs again would give the same.</summary>
[Collection(RestoreCollection.Name)]
public sealed class SchemaLookupTests(PostgresFixture postgres)
{
    private readonly SchemaLookup _lookup = new(new SchemaCache());

    [Fact]
    public async Task ReadAsync_EachKindOfChange_IsNeverMissed()
    {
        await using var database = await CreateAsync();
        var before = TextOf(await LookUpAsync(database));
        foreach (var change in SchemaChanges.Changing)
        {
            await ExecuteAsync(database, change);
            var found = await LookUpAsync(database);

            // All were read anew then, and so are of now.
            Assert.True(found.Origin == SchemaOrigin.Catalogs, $"Not seen: {change}");
            Assert.True(before != TextOf(found), $"Changes nothing, and so tests nothing: {change}");
            before = TextOf(found);
        }
    }

    [Fact]
    public async Task ReadAsync_ChangesThatNoDefinitionShows_GiveTheSameSchema()
    {
        await using var database = await CreateAsync();
        await LookUpAsync(database);
        foreach (var change in SchemaChanges.Harmless)
        {
            await ExecuteAsync(database, change);
            Assert.True(TextOf(await LookUpAsync(database)) == await TextAsync(database), $"Not seen: {change}");
        }
    }

    [Fact]
    public async Task ReadAsync_RowsChangedAndSequencesMoved_ReadsThePositionsAlone()
    {
        await using var database = await CreateAsync();
        var first = await LookUpAsync(database);
        await ExecuteAsync(database, "INSERT INTO app.parent (name) SELECT i::text FROM generate_series(1, 1000) i; ANALYZE app.parent");

        var second = await LookUpAsync(database);

        Assert.Equal((SchemaOrigin.Catalogs, SchemaOrigin.Cache), (first.Origin, second.Origin));
        Assert.Equal(first.Fingerprint, second.Fingerprint);
        Assert.Contains(second.Entries, entry => entry.Create.Contains("'app.parent_id_seq', 1000, true", StringComparison.Ordinal));
        Assert.Equal(await TextAsync(database), TextOf(second));
    }

    [Fact]
    public async Task ReadAsync_KnownSchemaOfTheSameFingerprint_IsTakenInstead()
    {
        await using var database = await CreateAsync();
        var first = await LookUpAsync(database);
        var another = new SchemaLookup(new SchemaCache());

        var known = await LookUpAsync(database, another, new KnownSchema(first.Fingerprint!, _ => Task.FromResult<DatabaseSchema?>(first)));
        var unreadable = await LookUpAsync(database, another, new KnownSchema(first.Fingerprint!, _ => Task.FromResult<DatabaseSchema?>(null)));
        var other = await LookUpAsync(
            database, new SchemaLookup(new SchemaCache()), new KnownSchema("0", _ => throw new InvalidOperationException("Not asked for.")));

        Assert.Equal((SchemaOrigin.Known, SchemaOrigin.Catalogs, SchemaOrigin.Catalogs), (known.Origin, unreadable.Origin, other.Origin));
        Assert.Equal(TextOf(first), TextOf(known));
    }

    [Fact]
    public async Task ReadAsync_OtherSelectionOrRole_IsReadAnew()
    {
        await using var database = await CreateAsync();
        var everything = await LookUpAsync(database);
        var selection = new TableSelection { ExcludeTables = ["app.child"] };

        var other = await LookUpAsync(database, selection: selection);
        var asRole = await LookUpAsync(database, setUp: $"SET ROLE {Name(database)}_login");

        Assert.Equal((SchemaOrigin.Catalogs, SchemaOrigin.Catalogs), (other.Origin, asRole.Origin));
        Assert.Equal(3, new[] { everything, other, asRole }.Select(schema => schema.Fingerprint).Distinct().Count());
        Assert.Equal(await TextAsync(database, selection), TextOf(other));
    }

    [Fact]
    public async Task ReadAsync_UncommittedChangeOfAnother_IsOfTheSnapshot()
    {
        await using var database = await CreateAsync();
        var first = await LookUpAsync(database);
        await using var other = await database.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var command = other.CreateCommand())
        {
            command.CommandText = "CREATE FUNCTION app.later() RETURNS int LANGUAGE sql AS 'SELECT 1'";
            await command.ExecuteNonQueryAsync();
        }

        var during = await LookUpAsync(database);
        await transaction.CommitAsync();
        var after = await LookUpAsync(database);

        Assert.Equal((SchemaOrigin.Cache, SchemaOrigin.Catalogs), (during.Origin, after.Origin));
        Assert.Equal(TextOf(first), TextOf(during));
        Assert.NotEqual(first.Fingerprint, after.Fingerprint);
    }

    [Fact]
    public async Task ReadAsync_Subscription_IsReadEachTime()
    {
        await using var database = await CreateAsync();
        var name = Name(database);
        await ExecuteAsync(
            database,
            $"CREATE SUBSCRIPTION {name}_sub CONNECTION 'host=127.0.0.1' PUBLICATION p WITH (connect = false, slot_name = NONE)");
        try
        {
            Assert.Null((await LookUpAsync(database)).Fingerprint);
            Assert.Equal(SchemaOrigin.Catalogs, (await LookUpAsync(database)).Origin);
        }
        finally
        {
            await ExecuteAsync(database, $"DROP SUBSCRIPTION {name}_sub");
        }
    }

    private async Task<TestDatabase> CreateAsync()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await ExecuteAsync(database, SchemaChanges.Before);
        return database;
    }

    // One statement by itself where it must not be inside a transaction.
    private static async Task ExecuteAsync(TestDatabase database, string statements) =>
        await database.ExecuteAsync(string.Format(CultureInfo.InvariantCulture, statements, Name(database), database.Name));

    private static string Name(TestDatabase database) => $"lookup_{database.Name}";

    private async Task<DatabaseSchema> LookUpAsync(
        TestDatabase database, SchemaLookup? lookup = null, KnownSchema? known = null, TableSelection? selection = null, string? setUp = null)
    {
        await using var connection = await database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = setUp ?? "SELECT";
            await command.ExecuteNonQueryAsync();
        }

        return await (lookup ?? _lookup).ReadAsync(
            connection, static _ => Task.FromResult<CatalogLink?>(null), selection ?? TableSelection.Everything, known, CancellationToken.None);
    }

    private static async Task<string> TextAsync(TestDatabase database, TableSelection? selection = null) =>
        TextOf(await SchemaRoundTrip.ReadAsync(database.ConnectionString, selection ?? TableSelection.Everything));

    private static string TextOf(DatabaseSchema schema)
    {
        var text = new StringBuilder();
        foreach (var entry in schema.Entries)
        {
            text.AppendJoin('|', entry.Id, entry.Section, entry.Kind, entry.Schema, entry.Name, entry.Table, entry.Create, entry.Owner)
                .AppendJoin('|', entry.SetOwner, entry.Drop, string.Join(',', entry.Roles), string.Join(',', entry.DependsOn)).Append('\n');
        }

        return text.ToString();
    }
}
