using Backup.Core.IntegrationTests.Postgres;
using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;
using Backup.TestKit.Storage.Mirror;

namespace Backup.Core.IntegrationTests.Pipeline;

/// <summary>Rows and objects in one run: the objects are listed in the snapshot of the rows.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class ObjectsOfTheSnapshotTests(PostgresFixture fixture)
{
    [Theory]
    [InlineData(2, -1)]
    [InlineData(1, -1)]
    [InlineData(1, 1)]
    public async Task RunAsync_DatabaseAndStorage_AreBackedUpAsOfOneInstant(int connections, int connectionLimit)
    {
        await using var database = await TestDatabase.CreateAsync(fixture, "CREATE TABLE t AS SELECT i FROM generate_series(1, 1000) i");
        await StorageTables.CreateAsync(database.Connection);
        await using var server = await StorageServer.StartAsync(new StorageServerOptions { MirrorConnectionString = database.ConnectionString });
        await server.State.CreateBucketAsync("docs");
        await server.State.CreateBucketAsync("empty");
        for (var i = 0; i < 20; i++)
            await server.State.PutAsync("docs", $"folder/{i}.txt", $"text {i}");
        var role = $"keeper_{database.Name}";
        await database.ExecuteAsync(
            $"""
            CREATE ROLE {role} LOGIN PASSWORD 'x' NOSUPERUSER BYPASSRLS CONNECTION LIMIT {connectionLimit} IN ROLE pg_read_all_data;
            """);

        var result = await new BackupPipelineBuilder()
            .UsePostgres(database.With(settings => (settings.Username, settings.Password) = (role, "x")))
            .UseSupabaseStorage(new SupabaseStorageOptions { Url = server.Address, Key = server.ServiceKey })
            .UseSink(new InMemorySink())
            .ConfigureOptions(options => options.Connections = connections)
            .Build()
            .RunAsync(new BackupRequest());

        Assert.Empty(result.Manifest!.Failures);
        Assert.Equal(ObjectListingMethod.Database, result.Manifest!.Storage!.Listing);
        Assert.Equal([("docs", 20), ("empty", 0)], result.Buckets.Select(bucket => (bucket.Id, bucket.Objects)));
        Assert.Equal(connections, result.Connections);
    }
}
