using System.Reflection;
using Backup.Core.IntegrationTests.Schema;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.EveryKind;

[Collection(RestoreCollection.Name)]
public sealed class EveryKindTests(PostgresFixture postgres)
{
    /// <summary>What no reader writes, and what needs a provider of labels, which PostgreSQL itself does not bring.</summary>
    private static readonly ObjectKind[] Without = [ObjectKinds.Unsupported, ObjectKinds.SecurityLabel];

    [Fact]
    public async Task Restore_EveryKind_CannotBeToldFromTheSource()
    {
        var source = await EveryKindDatabase.CreateAsync(postgres.Server);
        var target = await EveryKindDatabase.CreateEmptyAsync(postgres.Server);

        await EveryKindRoundTrip.CopyAsync(source, target);

        await EveryKindRoundTrip.AssertSameAsync(source, target);
        Assert.Equal(await PgDump.RunAsync(source), await PgDump.RunAsync(target));
        await AssertHasEveryKindAsync(source);
    }

    [Fact]
    public async Task Restore_ByTheOwnerWhoIsNoSuperuser_CannotBeToldFromTheSource()
    {
        var source = await EveryKindDatabase.CreateAsync(postgres.Server, isOrdinary: true);
        var target = await EveryKindDatabase.CreateEmptyAsync(postgres.Server);

        await EveryKindRoundTrip.CopyAsync(source, AsOwner(target));

        await EveryKindRoundTrip.AssertSameAsync(source, target);
        Assert.Equal(await PgDump.RunAsync(source), await PgDump.RunAsync(target));
    }

    // A kind that is added to the readers has to be added to the fixture as well.
    private static async Task AssertHasEveryKindAsync(string database)
    {
        var schema = await SchemaRoundTrip.ReadAsync(database, TableSelection.Everything);
        var known = typeof(ObjectKinds).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (ObjectKind)field.GetValue(null)!);
        var found = schema.Entries.Select(entry => entry.Kind).ToHashSet();
        Assert.Superset(known.Except(Without).Select(kind => kind.Name).ToHashSet(), found);
    }

    private static string AsOwner(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Username = EveryKindDatabase.Owner }.ConnectionString;
}
