using Backup.Core.ObjectStores;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Postgres.StoredObjects;

[Collection(PostgresFixture.Collection)]
public sealed class SnapshotObjectsTests(PostgresFixture fixture)
{
    private static readonly string[] HardNames =
    [
        "", " ", "'", "''; DROP TABLE storage.objects; --", "\"", "\\", "\\N", "\\x41", "%", "_", "%_%", "a", "A", "a\nb", "a\tb", "a\r\nb",
        "a/b", "a//b", "a-b", "a.b", "/a", "a/", "ab", "é", "e\u0301", "É", "ß", "ss", "日本", "\uFFFD", "\U0001F600/x", "\uE000", "\uFB01",
        "report", "report-1.txt", "report.txt", "report/", "Report", "z", "Z", "ä", "null", "NULL", "\u0001", "\u007F", "\u0080",
    ];

    [Fact]
    public async Task ListObjectsAsync_EveryColumn_IsRead()
    {
        await using var database = await StorageDatabase.CreateAsync(
            fixture,
            """
            INSERT INTO storage.buckets (id, name, owner_id, public, file_size_limit, allowed_mime_types, created_at, updated_at)
            VALUES ('b', 'B', 'me', true, 1048576, '{image/png,text/*}', '2026-11-22 13:10:36.518181+00', '2026-11-22 13:10:37.000001+00');
            INSERT INTO storage.objects (id, bucket_id, name, owner, owner_id, created_at, updated_at, version, metadata, user_metadata)
            VALUES ('97ce4020-2ecd-4b5f-9ab4-4d68ba56fa4a', 'b', 'reports/q1 (final).pdf', '2f1d5f4e-0000-4000-8000-000000000001', 'user 1',
                '2026-11-22 13:10:36.592826+00', '2026-11-22 15:10:36.6+01', 'd04b4ad7',
                '{"eTag": "\"b875c9f0-2\"", "size": 2000, "mimetype": "application/pdf", "cacheControl": "max-age=3600"}',
                '{"pages": 3, "author": "añn"}');
            """);
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source);
        await using var objects = await session.OpenListingAsync();

        var bucket = Assert.Single(await objects.CountAsync(ObjectSelection.Everything, default));
        var item = Assert.Single(await objects.ListAsync("b"));

        Assert.False(objects.SharesCoordinator);
        Assert.Equal((1, 2000), (bucket.Objects, bucket.Bytes));
        Assert.Equal(["image/png", "text/*"], bucket.Bucket.AllowedMediaTypes);
        Assert.Equal(
            new BucketInfo
            {
                Id = "b", Name = "B", IsPublic = true, FileSizeLimitBytes = 1048576, OwnerId = "me",
                CreatedAt = Time("2026-11-22T13:10:36.518181Z"), UpdatedAt = Time("2026-11-22T13:10:37.000001Z"),
            },
            bucket.Bucket with { AllowedMediaTypes = null });
        Assert.Equal(
            new StoredObject
            {
                Bucket = "b", Name = "reports/q1 (final).pdf", Id = "97ce4020-2ecd-4b5f-9ab4-4d68ba56fa4a", Bytes = 2000,
                ETag = "\"b875c9f0-2\"", Version = "d04b4ad7", ContentType = "application/pdf", CacheControl = "max-age=3600",
                UserMetadata = """{"pages": 3, "author": "añn"}""", OwnerId = "user 1",
                CreatedAt = Time("2026-11-22T13:10:36.592826Z"), UpdatedAt = Time("2026-11-22T14:10:36.6Z"),
            },
            item);
    }

    [Fact]
    public async Task ListObjectsAsync_MetadataOfAnyShape_GivesTheSizeOrNone()
    {
        (string Json, long? Bytes)[] cases =
        [
            ("null", null), ("[]", null), ("\"size\"", null), ("{}", null), ("{\"size\": null}", null), ("{\"size\": 12}", 12),
            ("{\"size\": \"13\"}", 13), ("{\"size\": 1.2e3}", 1200), ("{\"size\": 1.5}", null), ("{\"size\": -1}", null),
            ("{\"size\": \"many\"}", null), ("{\"size\": \"\"}", null), ("{\"size\": \" 1\"}", null), ("{\"size\": \"1\\n\"}", null),
            ("{\"size\": \"\u0663\"}", null), ("{\"size\": 99999999999999999999}", null), ("{\"size\": {\"a\": 1}}", null),
            ("{\"size\": 999999999999999999}", 999999999999999999),
        ];
        await using var database = await StorageDatabase.CreateAsync(fixture, "INSERT INTO storage.buckets (id, name) VALUES ('b', 'b');");
        await using (var command = new NpgsqlCommand(
            "INSERT INTO storage.objects (bucket_id, name, metadata) SELECT 'b', lpad(i::text, 3, '0'), m::jsonb FROM unnest($1::text[]) WITH ORDINALITY AS v (m, i)",
            database.Connection))
        {
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. cases.Select(item => item.Json)] });
            await command.ExecuteNonQueryAsync();
        }

        await using var session = await StorageDatabase.OpenSessionAsync(database.Source);
        await using var objects = await session.OpenListingAsync();

        Assert.Equal(cases.Select(item => item.Bytes), (await objects.ListAsync("b")).Select(item => item.Bytes));
        Assert.Equal(cases.Sum(item => item.Bytes), (await objects.CountAsync(ObjectSelection.Everything, default))[0].Bytes);
    }

    [Fact]
    public async Task ListObjectsAsync_TextsOfManyMegabytes_AreCutToWhatNoIndexHolds()
    {
        await using var database = await StorageDatabase.CreateAsync(
            fixture,
            """
            INSERT INTO storage.buckets (id, name) VALUES ('b', 'b');
            INSERT INTO storage.objects (bucket_id, name, metadata, user_metadata)
            SELECT 'b', 'n', jsonb_build_object('mimetype', t), jsonb_build_object('a', t) FROM repeat('é', 20000000) AS t;
            """);
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source);
        await using var objects = await session.OpenListingAsync();

        var item = Assert.Single(await objects.ListAsync("b"));

        Assert.InRange(item.ContentType!.Length, 65_537, 200_000);
        Assert.InRange(item.UserMetadata!.Length, 65_537, 200_000);
    }

    [Fact]
    public async Task ListObjectsAsync_OddValues_AreNoneRatherThanAFault()
    {
        await using var database = await StorageDatabase.CreateAsync(
            fixture,
            """
            INSERT INTO storage.buckets (id, name) VALUES ('b', 'b');
            INSERT INTO storage.objects (bucket_id, name, owner_id, created_at, updated_at, user_metadata)
            VALUES ('b', '1', '', 'infinity', '0044-03-15 BC', '{}'), ('b', '2', null, '-infinity', '294000-01-01', '[1]'),
                   ('b', '3', null, null, '9999-12-31 23:59:59.999999+00', 'null'), ('b', null, null, now(), now(), null);
            """);
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source);
        await using var objects = await session.OpenListingAsync();

        var items = await objects.ListAsync("b");

        Assert.Equal(["1", "2", "3"], items.Select(item => item.Name));
        Assert.All(items, item => Assert.Equal((null, null, null), (item.OwnerId, item.CreatedAt, item.UserMetadata)));
        Assert.Equal([null, null, Time("9999-12-31T23:59:59.999999Z")], items.Select(item => item.UpdatedAt));
        Assert.Equal(3, (await objects.CountAsync(ObjectSelection.Everything, default))[0].Objects);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("C", true)]
    [InlineData(null, false)]
    public async Task ListObjectsAsync_HardNames_ComeUnchangedInTheOrderOfTheirBytes(string? locale, bool hasIndex)
    {
        await using var database = await StorageDatabase.CreateAsync(
            fixture, hasIndex ? string.Empty : "DROP INDEX storage.idx_objects_bucket_id_name", new DatabaseOptions { Locale = locale });
        await AddAsync(database, "bücket 'x'", HardNames);
        await AddAsync(database, "other", ["a", "b"]);
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source);
        await using var objects = await session.OpenListingAsync();

        var names = await objects.NamesAsync("bücket 'x'");

        Assert.Equal(HardNames.Order(Utf8Order.Instance), names);
        foreach (var prefix in HardNames)
        {
            var expected = HardNames.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(Utf8Order.Instance).ToArray();
            Assert.Equal(expected, await objects.NamesAsync("bücket 'x'", prefix));
            var counts = await objects.CountAsync(new ObjectSelection { Buckets = ["b*"], Prefix = prefix }, default);
            Assert.Equal(expected.Length, Assert.Single(counts).Objects);
        }
    }

    [Fact]
    public async Task ListObjectsAsync_ChangesAfterTheSnapshot_AreNotSeen()
    {
        await using var database = await StorageDatabase.CreateAsync(fixture);
        await AddAsync(database, "b", Enumerable.Range(0, 9000).Select(i => $"{i:d5}"));
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source);
        await database.ExecuteAsync("DELETE FROM storage.objects WHERE name < '00100'");
        await using var objects = await session.OpenListingAsync();
        await using var listing = objects.ListObjectsAsync("b", string.Empty, default).GetAsyncEnumerator();

        Assert.True(await listing.MoveNextAsync());
        await database.ExecuteAsync(
            """
            DELETE FROM storage.objects WHERE name > '05000';
            UPDATE storage.objects SET name = 'a' || name, version = 'new';
            INSERT INTO storage.objects (bucket_id, name) VALUES ('b', '09000');
            INSERT INTO storage.buckets (id, name) VALUES ('late', 'late');
            """);
        var names = new List<string> { listing.Current.Name };
        while (await listing.MoveNextAsync())
        {
            Assert.Null(listing.Current.Version);
            names.Add(listing.Current.Name);
        }

        Assert.Equal(Enumerable.Range(0, 9000).Select(i => $"{i:d5}"), names);
        Assert.Equal(9000, Assert.Single(await objects.CountAsync(ObjectSelection.Everything, default)).Objects);
    }

    [Fact]
    public async Task ListObjectsAsync_DeleteMarkersAndArchivedVersions_AreLeftOut()
    {
        await using var database = await StorageDatabase.CreateAsync(
            fixture,
            """
            DROP INDEX storage.bucketid_objname;
            INSERT INTO storage.buckets (id, name) VALUES ('b', 'b');
            INSERT INTO storage.objects (bucket_id, name, version, archived_at, is_delete_marker, is_versioned)
            VALUES ('b', 'a', '1', now(), false, true), ('b', 'a', '2', null, false, true), ('b', 'gone', '1', now(), false, true),
                   ('b', 'gone', '2', null, true, true), ('b', 'plain', '1', null, false, false);
            """);
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source);
        await using var objects = await session.OpenListingAsync();

        Assert.Equal([("a", "2"), ("plain", "1")], (await objects.ListAsync("b")).Select(item => (item.Name, item.Version)));
        Assert.Equal(2, (await objects.CountAsync(ObjectSelection.Everything, default))[0].Objects);
    }

    [Fact]
    public async Task CountAsync_BucketsOfAllKinds_GivesTheChosenOnesThatHoldFiles()
    {
        await using var database = await StorageDatabase.CreateAsync(
            fixture,
            """
            INSERT INTO storage.buckets (id, name, type) VALUES ('empty', 'empty', 'STANDARD'), ('B', 'B', 'STANDARD'), ('a', 'a', 'STANDARD'),
                ('lake', 'lake', 'ANALYTICS'), ('near', 'near', 'VECTOR');
            INSERT INTO storage.objects (bucket_id, name, metadata)
            SELECT CASE WHEN i % 3 = 0 THEN 'B' ELSE 'a' END, 'docs/' || i, jsonb_build_object('size', i) FROM generate_series(1, 9) i;
            """);
        var logger = new RecordingLogger();
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source, logger);
        await using var objects = await session.OpenListingAsync();

        var all = await objects.CountAsync(ObjectSelection.Everything, default);
        var some = await objects.CountAsync(new ObjectSelection { Buckets = ["a", "lake", "emp?y"], Prefix = "docs/5" }, default);

        Assert.Equal([("B", 3, 18), ("a", 6, 27), ("empty", 0, 0)], all.Select(count => (count.Bucket.Id, count.Objects, count.Bytes)));
        Assert.Equal([("a", 1, 5), ("empty", 0, 0)], some.Select(count => (count.Bucket.Id, count.Objects, count.Bytes)));
        Assert.Equal(["lake", "near"], objects.OtherBuckets);
        Assert.Equal(2, logger.Warnings.Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData(StorageDatabase.Index)]
    public async Task ListObjectsAsync_ServerOfLongAgo_GivesWhatItHas(string index)
    {
        await using var database = await TestDatabase.CreateAsync(
            fixture,
            StorageDatabase.OldTables + index
            + """
            INSERT INTO storage.buckets (id, name) VALUES ('b', 'b');
            INSERT INTO storage.objects (bucket_id, name, owner, metadata)
            SELECT 'b', i::text, '2f1d5f4e-0000-4000-8000-000000000001', '{"size": 1, "eTag": "\"x\""}' FROM generate_series(1, 3500) i;
            """);
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source);
        await using var objects = await session.OpenListingAsync();

        var items = await objects.ListAsync("b");

        Assert.Equal(Enumerable.Range(1, 3500).Select(i => $"{i}").Order(StringComparer.Ordinal), items.Select(item => item.Name));
        Assert.All(items, item => Assert.Equal(
            (1L, "\"x\"", null, null, "2f1d5f4e-0000-4000-8000-000000000001"),
            (item.Bytes!.Value, item.ETag, item.Version, item.UserMetadata, item.OwnerId)));
        Assert.Equal(3500, Assert.Single(await objects.CountAsync(ObjectSelection.Everything, default)).Objects);
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static async Task AddAsync(TestDatabase database, string bucket, IEnumerable<string> names)
    {
        await using var command = new NpgsqlCommand(
            """
            WITH b AS (INSERT INTO storage.buckets (id, name) VALUES ($1, $1) RETURNING id)
            INSERT INTO storage.objects (bucket_id, name) SELECT id, unnest($2::text[]) FROM b
            """,
            database.Connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = bucket });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. names] });
        await command.ExecuteNonQueryAsync();
    }
}
