using Backup.Core.ObjectStores;
using Backup.TestKit.PostgreSql;
using Xunit.Abstractions;

namespace Backup.Core.IntegrationTests.Postgres.StoredObjects;

/// <summary>Measures the heap of the whole process, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(ListingMemoryTests), DisableParallelization = true)]
public sealed class ListingMemoryTestsAlone : ICollectionFixture<PostgresFixture>;

[Collection(nameof(ListingMemoryTests))]
public sealed class ListingMemoryTests(PostgresFixture fixture, ITestOutputHelper output)
{
    private const int Rows = 1_000_000;
    private const long MostLiveBytes = 24 * 1024 * 1024;

    [Fact]
    public async Task ListObjectsAsync_OneMillionObjects_TakesNoMemoryForThem()
    {
        // One index less to fill; the listing uses the other.
        await using var database = await StorageDatabase.CreateAsync(
            fixture,
            $$"""
            DROP INDEX storage.bucketid_objname;
            INSERT INTO storage.buckets (id, name) VALUES ('b', 'b');
            INSERT INTO storage.objects (bucket_id, name, version, owner_id, metadata, user_metadata)
            SELECT 'b', format('folder %s/file %s.png', i % 1000, i), 'd04b4ad7-468e-494f-aa2d-3900dbd9f41e', '2f1d5f4e-0000-4000-8000-000000000001',
                   '{"eTag": "\"5cc12d58130ae46a5785ffa53042fa4c\"", "size": 3, "mimetype": "image/png", "cacheControl": "max-age=3600"}', '{"a": 1}'
            FROM generate_series(1, {{Rows}}) i;
            """);
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source);
        await using var objects = await session.OpenListingAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;

        var listed = 0;
        await foreach (var item in objects.ListObjectsAsync("b", string.Empty, default))
        {
            Assert.NotNull(item.UserMetadata);
            if (++listed % 45_000 == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        output.WriteLine($"The most live bytes: {most:N0}.");
        Assert.Equal(Rows, listed);
        Assert.Equal((Rows, 3L * Rows), (await objects.CountAsync(ObjectSelection.Everything, default)).Select(count => (count.Objects, count.Bytes)).Single());
        Assert.InRange(most, 0, MostLiveBytes);
    }
}
