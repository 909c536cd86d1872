using Backup.Core.ObjectStores;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Postgres.StoredObjects;

/// <summary>Listings of more than one page.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class ObjectPagingTests(PostgresFixture fixture)
{
    // Names that begin with another name and go on below and above "/", where listings of other kinds lose some.
    private static readonly string[] Names =
        [.. Enumerable.Range(0, 10_000).SelectMany(i => new[] { $"f{i % 97}/n{i}", $"f{i % 97}/n{i}-1", $"f{i % 97}/n{i}/x", $"f{i % 97}/n{i}0.é", $"f{i % 97}/N{i}" })];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ListObjectsAsync_FiftyThousandObjects_AreAllThereOnceAndInOrder(bool hasIndex)
    {
        await using var database = await StorageDatabase.CreateAsync(
            fixture,
            """
            INSERT INTO storage.buckets (id, name) VALUES ('b', 'b'), ('c', 'c');
            INSERT INTO storage.objects (bucket_id, name, metadata)
            SELECT b.id, format(pattern, i % 97, i), jsonb_build_object('size', 1)
            FROM storage.buckets b, generate_series(0, 9999) i, unnest('{f%s/n%s,f%s/n%s-1,f%s/n%s/x,f%s/n%s0.é,f%s/N%s}'::text[]) pattern;
            """ + (hasIndex ? string.Empty : "DROP INDEX storage.idx_objects_bucket_id_name"));
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source);
        await using var objects = await session.OpenListingAsync();

        foreach (var prefix in new[] { string.Empty, "f1", "f1/", "f96/n", "f10/n10", "f2/n2-", "g" })
        {
            var expected = Names.Distinct().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(Utf8Order.Instance).ToArray();

            Assert.Equal(expected, await objects.NamesAsync("b", prefix));
            var counts = await objects.CountAsync(new ObjectSelection { Prefix = prefix }, default);
            Assert.All(counts, count => Assert.Equal((expected.Length, expected.Length), (count.Objects, count.Bytes)));
        }
    }

    [Fact]
    public async Task ListObjectsAsync_RowsOfManyBytes_ComeInSmallerPages()
    {
        await using var database = await StorageDatabase.CreateAsync(
            fixture,
            """
            INSERT INTO storage.buckets (id, name) VALUES ('b', 'b');
            INSERT INTO storage.objects (bucket_id, name, user_metadata)
            SELECT 'b', lpad(i::text, 5, '0'), jsonb_build_object('text', repeat(chr(97 + i % 26), CASE WHEN i % 2000 < 300 THEN 15000 ELSE 1 END))
            FROM generate_series(0, 9999) i;
            UPDATE storage.objects SET user_metadata = jsonb_build_object('text', repeat('x', 5000000)) WHERE name = '00007';
            """);
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source);
        await using var objects = await session.OpenListingAsync();

        var items = await objects.ListAsync("b");

        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => $"{i:d5}"), items.Select(item => item.Name));
        Assert.Equal(100_000, items[7].UserMetadata!.Length);
        Assert.Equal(300 * 5 - 1, items.Count(item => item.UserMetadata!.Length == 15_012));
    }
}
