using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Postgres;
using Backup.Core.Postgres.StoredObjects;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Postgres.StoredObjects;

[Collection(PostgresFixture.Collection)]
public sealed class StoredObjectRowsTests(PostgresFixture fixture)
{
    private const string Id = "97ce4020-2ecd-4b5f-9ab4-4d68ba56fa4a";
    private const string OtherId = "11111111-2ecd-4b5f-9ab4-4d68ba56fa4a";
    private const string Owner = "2f1d5f4e-0000-4000-8000-000000000001";

    private const string Rows =
        """
        INSERT INTO storage.buckets (id, name) VALUES ('b', 'b'), ('c', 'c');
        INSERT INTO storage.objects (bucket_id, name) VALUES ('b', 'a'), ('b', 'it''s "é" \ 日本'), ('c', 'a');
        """;

    private static readonly DateTimeOffset Created = DateTimeOffset.Parse("2026-11-22T13:10:36.592826Z", null);
    private static readonly DateTimeOffset Updated = DateTimeOffset.Parse("2026-11-22T14:10:36.000001+01:00", null);

    [Fact]
    public async Task RestoreAsync_RowsThatAnUploadMade_HaveTheirIdsOwnersAndTimesBack()
    {
        await using var database = await StorageDatabase.CreateAsync(fixture, Rows);
        await using var rows = await OpenAsync(database.Source);
        StoredObject[] batch = [Object("b", "it's \"é\" \\ 日本", Id), Object("b", "a", OtherId) with { OwnerId = "not a uuid" }, Object("b", "missing", null)];

        Assert.Equal(2, await rows.RestoreAsync(batch, default));

        Assert.True(rows.KeepsTimes);
        Assert.Equal(0, rows.IdsKept);
        Assert.Equal(
            [(Id, Owner, Owner, "2026-11-22 13:10:36.592826+00", "2026-11-22 13:10:36.000001+00")],
            await ReadAsync(database, "name LIKE 'it%'"));
        Assert.Equal(
            [(OtherId, null, "not a uuid", "2026-11-22 13:10:36.592826+00", "2026-11-22 13:10:36.000001+00")],
            await ReadAsync(database, "name = 'a' AND bucket_id = 'b'"));
        Assert.Null(Assert.Single(await ReadAsync(database, "bucket_id = 'c'")).OwnerId);
    }

    [Fact]
    public async Task RestoreAsync_WhatIsNotKnown_StaysAsItIs()
    {
        await using var database = await StorageDatabase.CreateAsync(fixture, Rows);
        var before = await ReadAsync(database, "bucket_id = 'c'");
        await using var rows = await OpenAsync(database.Source);

        Assert.Equal(1, await rows.RestoreAsync([new StoredObject { Bucket = "c", Name = "a", Id = "no uuid" }], default));
        Assert.Equal(0, await rows.RestoreAsync([], default));

        Assert.Equal(before, await ReadAsync(database, "bucket_id = 'c'"));
    }

    [Fact]
    public async Task RestoreAsync_IdThatAnotherRowHas_KeepsTheUploadsIdAndSaysSo()
    {
        await using var database = await StorageDatabase.CreateAsync(fixture, Rows + $"UPDATE storage.objects SET id = '{Id}' WHERE bucket_id = 'c';");
        await using var rows = await OpenAsync(database.Source);

        Assert.Equal(2, await rows.RestoreAsync([Object("b", "a", Id), Object("c", "a", Id)], default));

        Assert.Equal(1, rows.IdsKept);
        Assert.NotEqual(Id, Assert.Single(await ReadAsync(database, "name = 'a' AND bucket_id = 'b'")).Id);
        Assert.Equal(Owner, Assert.Single(await ReadAsync(database, "name = 'a' AND bucket_id = 'b'")).OwnerId);
        Assert.Equal(Id, Assert.Single(await ReadAsync(database, "bucket_id = 'c'")).Id);
    }

    [Fact]
    public async Task RestoreAsync_RowsOfAnotherTableReferToTheUploadsId_KeepsIt()
    {
        await using var database = await StorageDatabase.CreateAsync(
            fixture,
            Rows + """
            CREATE TABLE public."Files" ("the id" uuid REFERENCES storage.objects (id));
            INSERT INTO public."Files" SELECT id FROM storage.objects WHERE bucket_id = 'c';
            """);
        await using var rows = await OpenAsync(database.Source);

        Assert.Equal(2, await rows.RestoreAsync([Object("b", "a", Id), Object("c", "a", OtherId)], default));

        Assert.Equal(1, rows.IdsKept);
        Assert.Equal(Id, Assert.Single(await ReadAsync(database, "name = 'a' AND bucket_id = 'b'")).Id);
        Assert.Equal(1, await database.ScalarAsync<long>("""SELECT count(*) FROM public."Files" f JOIN storage.objects o ON o.id = f."the id" """));
    }

    [Fact]
    public async Task RestoreAsync_RoleThatMayNotSwitchTriggersOff_PutsBackWhatItCanAndSaysSo()
    {
        await using var database = await StorageDatabase.CreateAsync(fixture, Rows);
        await using var source = await AsRoleAsync(database, "GRANT SELECT, UPDATE ON storage.objects, storage.buckets TO {0}");
        await using var rows = await OpenAsync(source);

        Assert.Equal(1, await rows.RestoreAsync([Object("b", "a", Id)], default));

        Assert.False(rows.KeepsTimes);
        var row = Assert.Single(await ReadAsync(database, "name = 'a' AND bucket_id = 'b'"));
        Assert.Equal((Id, "2026-11-22 13:10:36.592826+00"), (row.Id, row.CreatedAt));
    }

    [Fact]
    public async Task RestoreAsync_RoleThatMayNotUpdate_IsAFaultThatLeavesTheConnectionUsable()
    {
        await using var database = await StorageDatabase.CreateAsync(fixture, Rows);
        await using var source = await AsRoleAsync(database, "GRANT SELECT ON storage.objects TO {0}; GRANT SELECT, UPDATE ON storage.buckets TO {0}");
        await using var rows = await OpenAsync(source);

        var fault = await Assert.ThrowsAsync<DatabaseException>(() => rows.RestoreAsync([Object("b", "a", Id)], default));

        Assert.Equal("42501", fault.SqlState);
        Assert.True(await rows.RestoreBucketAsync(new BucketInfo { Id = "b", Name = "b" }, default));
    }

    [Fact]
    public async Task RestoreBucketAsync_Bucket_HasItsOwnerAndTimesBackAndNothingElseChanged()
    {
        await using var database = await StorageDatabase.CreateAsync(fixture, Rows);
        await using var rows = await OpenAsync(database.Source);
        var bucket = new BucketInfo { Id = "b", Name = "other", IsPublic = true, OwnerId = Owner, CreatedAt = Created, UpdatedAt = Updated };

        Assert.True(await rows.RestoreBucketAsync(bucket, default));
        Assert.False(await rows.RestoreBucketAsync(bucket with { Id = "missing" }, default));

        Assert.Equal(
            $"b/false/{Owner}/{Owner}/2026-11-22 13:10:36.592826+00/2026-11-22 13:10:36.000001+00",
            await database.ScalarAsync<string>(
                """
                SET timezone = 'UTC';
                SELECT concat_ws('/', name, public::text, owner, owner_id, created_at, updated_at) FROM storage.buckets WHERE id = 'b'
                """));
    }

    [Fact]
    public async Task RestoreAsync_ServerOfLongAgo_PutsBackWhatItHas()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, StorageDatabase.OldTables + Rows);
        await using var rows = await OpenAsync(database.Source);

        Assert.Equal(1, await rows.RestoreAsync([Object("b", "a", Id)], default));
        Assert.True(await rows.RestoreBucketAsync(new BucketInfo { Id = "b", Name = "b", OwnerId = "text" }, default));

        Assert.Equal(
            $"{Id}/{Owner}/2026-11-22 13:10:36.592826+00",
            await database.ScalarAsync<string>(
                "SET timezone = 'UTC'; SELECT concat_ws('/', id, owner, created_at) FROM storage.objects WHERE name = 'a' AND bucket_id = 'b'"));
    }

    [Theory]
    [InlineData("CREATE SCHEMA storage")]
    [InlineData("CREATE SCHEMA storage; CREATE TABLE storage.buckets (id text); CREATE VIEW storage.objects AS SELECT 'b' AS bucket_id, 'a' AS name")]
    public async Task OpenAsync_TargetWithoutTheTables_IsNull(string sql)
    {
        await using var database = await TestDatabase.CreateAsync(fixture, sql);

        Assert.Null(await StoredObjectRows.OpenAsync(database.Source, default));
    }

    private static StoredObject Object(string bucket, string name, string? id) =>
        new() { Bucket = bucket, Name = name, Id = id, OwnerId = Owner, CreatedAt = Created, UpdatedAt = Updated };

    private static async Task<StoredObjectRows> OpenAsync(PostgresSource source)
    {
        var rows = await StoredObjectRows.OpenAsync(source, default);
        Assert.NotNull(rows);
        return rows;
    }

    private static async Task<List<(string Id, string? Owner, string? OwnerId, string CreatedAt, string UpdatedAt)>> ReadAsync(
        TestDatabase database, string condition) =>
        await Sql.QueryAsync(
            database.Connection,
            $"""
            SELECT id::text, owner::text, owner_id, (created_at AT TIME ZONE 'UTC')::text || '+00', (updated_at AT TIME ZONE 'UTC')::text || '+00'
            FROM storage.objects WHERE {condition}
            """,
            row => (row.GetString(0), Text(row, 1), Text(row, 2), row.GetString(3), row.GetString(4)),
            default);

    private static string? Text(Npgsql.NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static async Task<PostgresSource> AsRoleAsync(TestDatabase database, string sql)
    {
        var role = $"restorer_{database.Name}";
        await database.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN PASSWORD 'x' NOSUPERUSER BYPASSRLS; GRANT USAGE ON SCHEMA storage TO {role};"
            + string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, role));
        return PostgresSource.FromConnectionString(database.With(settings =>
        {
            settings.Username = role;
            settings.Password = "x";
        }));
    }
}
