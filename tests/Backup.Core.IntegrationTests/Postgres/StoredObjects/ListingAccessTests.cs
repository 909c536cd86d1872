using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Postgres.StoredObjects;

/// <summary>When objects can be listed from the database, over which connection, and what becomes of the snapshot.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class ListingAccessTests(PostgresFixture fixture)
{
    private const string Rows =
        """
        INSERT INTO storage.buckets (id, name) VALUES ('b', 'b');
        INSERT INTO storage.objects (bucket_id, name) SELECT 'b', lpad(i::text, 5, '0') FROM generate_series(0, 9999) i;
        CREATE TABLE public.t AS SELECT i FROM generate_series(1, 1000) i;
        """;

    [Theory]
    [InlineData("CREATE SCHEMA storage", "The database has no storage.buckets.")]
    [InlineData("CREATE SCHEMA storage; CREATE TABLE storage.buckets (id text)", "The database has no storage.objects.")]
    [InlineData("CREATE SCHEMA storage; CREATE TABLE storage.buckets (id text); CREATE VIEW storage.objects AS SELECT", "storage.objects is not an ordinary table.")]
    [InlineData("CREATE SCHEMA storage; CREATE TABLE storage.buckets (id text); CREATE TABLE storage.objects (bucket_id text)", "There is no column storage.objects.name.")]
    public async Task OpenObjectsAsync_TablesOfAnotherShape_SaysSo(string sql, string reason)
    {
        await using var database = await TestDatabase.CreateAsync(fixture, sql);
        var logger = new RecordingLogger();
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source, logger);

        Assert.Null(await session.OpenObjectsAsync(default));
        Assert.Contains(logger.Texts, text => text.EndsWith(reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("REVOKE SELECT ON storage.objects FROM {0}", "may not read storage.objects")]
    [InlineData("REVOKE USAGE ON SCHEMA storage FROM {0}", "may not read storage.buckets")]
    [InlineData("ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY", "Row security on storage.objects applies")]
    [InlineData("ALTER TABLE storage.buckets ENABLE ROW LEVEL SECURITY", "Row security on storage.buckets applies")]
    public async Task OpenObjectsAsync_RoleThatDoesNotSeeAllRows_ListsNothing(string sql, string reason)
    {
        await using var database = await StorageDatabase.CreateAsync(
            fixture, Rows + "ALTER TABLE storage.buckets DISABLE ROW LEVEL SECURITY; ALTER TABLE storage.objects DISABLE ROW LEVEL SECURITY;");
        await using var source = await AsRoleAsync(database, "NOSUPERUSER", sql);
        var logger = new RecordingLogger();
        await using var session = await StorageDatabase.OpenSessionAsync(source, logger, selection: OnlyPublic);

        Assert.Null(await session.OpenObjectsAsync(default));
        Assert.Contains(logger.Warnings, text => text.Contains(reason, StringComparison.Ordinal));
        Assert.Equal(1000, CopyText.CountRows((await session.ReadAllAsync())["public.t"]));
    }

    [Fact]
    public async Task OpenObjectsAsync_RoleThatBypassesRowSecurity_ListsEverything()
    {
        await using var database = await StorageDatabase.CreateAsync(fixture, Rows);
        await using var source = await AsRoleAsync(database, "NOSUPERUSER BYPASSRLS", "SELECT");
        await using var session = await StorageDatabase.OpenSessionAsync(source);
        await using var objects = await session.OpenListingAsync();

        Assert.Equal(10_000, (await objects.ListAsync("b")).Count);
    }

    [Theory]
    [InlineData("LATIN1")]
    [InlineData("SQL_ASCII")]
    public async Task OpenObjectsAsync_EncodingThatIsNotUtf8_ListsNothing(string encoding)
    {
        await using var database = await StorageDatabase.CreateAsync(
            fixture, Rows, new DatabaseOptions { Encoding = encoding, Locale = "C" });
        var logger = new RecordingLogger();
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source, logger);

        Assert.Null(await session.OpenObjectsAsync(default));
        Assert.Contains(logger.Warnings, text => text.Contains(encoding, StringComparison.Ordinal));
    }

    [Fact]
    public async Task OpenAsync_TablesThatAreNotSelected_AreLockedForTheListing()
    {
        await using var database = await StorageDatabase.CreateAsync(fixture, Rows);
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source, selection: OnlyPublic);
        await using var other = await database.OpenAsync();

        Assert.Equal(["public.t"], session.Tables.Select(table => table.Name.ToString()));
        foreach (var statement in new[] { "TRUNCATE storage.objects", "DROP INDEX storage.idx_objects_bucket_id_name", "ALTER TABLE storage.buckets ADD x int" })
        {
            await using var command = new NpgsqlCommand($"SET lock_timeout = 50; {statement}", other);
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal(PostgresErrorCodes.LockNotAvailable, refusal.SqlState);
        }
    }

    [Fact]
    public async Task OpenObjectsAsync_SessionInLineForTheTable_GoesOverTheConnectionThatHoldsTheLock()
    {
        await using var database = await StorageDatabase.CreateAsync(fixture, Rows);
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source);
        await using var other = await database.OpenAsync();
        await using var command = new NpgsqlCommand("ALTER TABLE storage.objects ADD x int", other);
        var waiting = command.ExecuteNonQueryAsync();
        await database.WaitUntilAsync("EXISTS (SELECT FROM pg_locks WHERE relation = 'storage.objects'::regclass AND NOT granted)");

        await using (var objects = await session.OpenListingAsync())
        {
            Assert.True(objects.SharesCoordinator);
            Assert.Equal(10_000, (await objects.ListAsync("b")).Count);
        }

        await session.DisposeAsync();
        await waiting;
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, false)]
    public async Task ListObjectsAsync_BesideThePagesOfRowsThroughAPooler_DoesNotMixWithThem(int poolSize, bool sharesCoordinator)
    {
        await using var database = await StorageDatabase.CreateAsync(fixture, Rows);
        await using var pooler = await PgBouncer.StartAsync(fixture.Server, poolSize);
        await using var source = PostgresSource.FromConnectionString(pooler.ConnectionString(database.Name));
        var options = new SnapshotOptions { Connections = 2, ListsObjects = true, JoinTimeout = TimeSpan.FromSeconds(1), Pages = SnapshotReads.OneBlock };
        await using var session = await SnapshotReads.OpenAsync(usesWire: false, source, options: options);
        await using var objects = await session.OpenListingAsync();

        var listing = Task.Run(() => objects.NamesAsync("b"));
        var rows = await session.ReadAllAsync(SnapshotReads.OneBlock);

        Assert.Equal(sharesCoordinator, objects.SharesCoordinator);
        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => $"{i:d5}"), await listing);
        Assert.Equal(1000, CopyText.CountRows(rows["public.t"]));
        await session.ConfirmAsync(default);
        Assert.Equal("off", await SettingAsync(session, "enable_indexscan"));
    }

    [Fact]
    public async Task OpenObjectsAsync_OneReader_StillGetsAConnectionOfItsOwn()
    {
        await using var database = await StorageDatabase.CreateAsync(fixture, Rows);
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source, connections: 1);
        await using var objects = await session.OpenListingAsync();

        Assert.False(objects.SharesCoordinator);
        Assert.Equal(10_000, (await objects.ListAsync("b")).Count);
    }

    [Fact]
    public async Task OpenObjectsAsync_NoFurtherConnectionAllowed_SharesTheCoordinatorsAndLeavesItAsItWas()
    {
        await using var database = await StorageDatabase.CreateAsync(fixture, Rows);
        await using var source = await AsRoleAsync(database, "NOSUPERUSER BYPASSRLS CONNECTION LIMIT 1", "SELECT");
        var logger = new RecordingLogger();
        await using var session = await StorageDatabase.OpenSessionAsync(source, logger, connections: 1);
        await using var objects = await session.OpenListingAsync();

        Assert.True(objects.SharesCoordinator);
        Assert.Contains(logger.Texts, text => text.Contains("over the connection that reads rows", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => $"{i:d5}"), await objects.NamesAsync("b"));
        await Assert.ThrowsAsync<DatabaseException>(() => objects.ListAsync("b\0"));
        Assert.Equal(10_000, Assert.Single(await objects.CountAsync(ObjectSelection.Everything, default)).Objects);
        Assert.Equal(1000, CopyText.CountRows((await session.ReadAllAsync())["public.t"]));
        await session.ConfirmAsync(default);
        Assert.Equal("off", await SettingAsync(session, "enable_indexscan"));
    }

    [Fact]
    public async Task OpenObjectsAsync_OneConnectionAndNoIndex_ListsNothing()
    {
        await using var database = await StorageDatabase.CreateAsync(fixture, Rows + "DROP INDEX storage.idx_objects_bucket_id_name");
        await using var source = await AsRoleAsync(database, "NOSUPERUSER BYPASSRLS CONNECTION LIMIT 1", "SELECT");
        var logger = new RecordingLogger();
        await using var session = await StorageDatabase.OpenSessionAsync(source, logger, connections: 1);

        Assert.Null(await session.OpenObjectsAsync(default));
        Assert.Contains(logger.Warnings, text => text.Contains("has no index", StringComparison.Ordinal));
        Assert.Equal(1000, CopyText.CountRows((await session.ReadAllAsync())["public.t"]));
    }

    [Fact]
    public async Task ListObjectsAsync_ServerEndsTheConnection_IsATransientFault()
    {
        await using var database = await StorageDatabase.CreateAsync(fixture, Rows);
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source, connections: 1);
        await using var objects = await session.OpenListingAsync();
        await using var listing = objects.ListObjectsAsync("b", string.Empty, default).GetAsyncEnumerator();
        Assert.True(await listing.MoveNextAsync());
        await database.ExecuteAsync(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%backup_objects%'
            """);

        var fault = await Assert.ThrowsAsync<DatabaseException>(async () =>
        {
            while (await listing.MoveNextAsync())
            {
            }
        });

        Assert.True(fault.IsTransient);
        Assert.Equal("storage.objects", fault.Subject);
        await session.ConfirmAsync(default);
    }

    [Fact]
    public async Task ListObjectsAsync_Cancelled_EndsWithTheCallersToken()
    {
        await using var database = await StorageDatabase.CreateAsync(fixture, Rows);
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source);
        await using var objects = await session.OpenListingAsync();
        using var cancel = new CancellationTokenSource();
        await using var listing = objects.ListObjectsAsync("b", string.Empty, cancel.Token).GetAsyncEnumerator();
        Assert.True(await listing.MoveNextAsync());
        await cancel.CancelAsync();

        var end = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await listing.MoveNextAsync())
            {
            }
        });

        Assert.Equal(cancel.Token, end.CancellationToken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ListObjectsAsync_SeveralListingsAtOnce_DoNotMix(bool hasIndex)
    {
        await using var database = await StorageDatabase.CreateAsync(
            fixture,
            """
            INSERT INTO storage.buckets (id, name) SELECT i::text, i::text FROM generate_series(1, 3) i;
            INSERT INTO storage.objects (bucket_id, name) SELECT (1 + i % 3)::text, lpad(i::text, 5, '0') FROM generate_series(0, 14999) i;
            """ + (hasIndex ? string.Empty : "DROP INDEX storage.idx_objects_bucket_id_name"));
        await using var session = await StorageDatabase.OpenSessionAsync(database.Source);
        await using var objects = await session.OpenListingAsync();

        var lists = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Task.Run(() => objects.NamesAsync($"{i + 1}"))));

        for (var i = 0; i < 3; i++)
            Assert.Equal(Enumerable.Range(0, 5000).Select(n => $"{(3 * n) + i:d5}"), lists[i]);
    }

    private static TableSelection OnlyPublic => new() { IncludeSchemas = ["public"] };

    private static Task<string> SettingAsync(SnapshotSession session, string name) =>
        Sql.SingleAsync(session.Connection, $"SHOW {name}", row => row.GetString(0), default);

    private static async Task<PostgresSource> AsRoleAsync(TestDatabase database, string attributes, string sql)
    {
        var role = $"lister_{database.Name}";
        await database.ExecuteAsync(
            $"""
            CREATE ROLE {role} LOGIN PASSWORD 'x' {attributes};
            GRANT USAGE ON SCHEMA storage, public TO {role};
            GRANT SELECT ON ALL TABLES IN SCHEMA storage, public TO {role};
            """
            + string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, role));
        return PostgresSource.FromConnectionString(database.With(settings =>
        {
            settings.Username = role;
            settings.Password = "x";
        }));
    }
}
