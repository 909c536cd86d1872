using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;
using Backup.TestKit.Storage.Mirror;
using Npgsql;

namespace Backup.Core.IntegrationTests.TestKit;

[Collection(PostgresFixture.Collection)]
public sealed class StorageMirrorTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Changes_OfEachKind_AreInTheTables()
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await using var connection = await PostgresFixture.OpenAsync(connectionString);
        await StorageTables.CreateAsync(connection);
        await using var server = await StorageServer.StartAsync(new StorageServerOptions { MirrorConnectionString = connectionString });
        await server.State.CreateBucketAsync(new BucketRow { Id = "b", Name = "B", IsPublic = true, AllowedMimeTypes = ["image/*", "text/plain"] });
        await server.State.PutManyAsync(
        [
            new NewObject("b", "bare", null) { IsBareRow = true },
            new NewObject("b", "gone.txt", StoredContent.Of("gone")),
            new NewObject("b", "ünï/a.txt", StoredContent.Of("first"))
            {
                ContentType = "text/plain",
                UserMetadata = """{"long key":1,"k":"v"}""",
                OwnerId = "2f1d5f4e-0000-4000-8000-000000000001",
            },
        ]);

        var replaced = await server.State.PutAsync("b", "ünï/a.txt", "second");
        await server.State.DeleteAsync("b", "gone.txt");

        Assert.Equal("b B True {image/*,text/plain}", await ReadAsync(connection, "SELECT concat_ws(' ', id, name, CASE WHEN public THEN 'True' ELSE 'False' END, allowed_mime_types) FROM storage.buckets"));
        Assert.Equal("bare ünï/a.txt", await ReadAsync(connection, "SELECT string_agg(name, ' ' ORDER BY name COLLATE \"C\") FROM storage.objects"));
        Assert.Equal(
            $"{replaced.Id} {replaced.Version} 6 {{}}",
            await ReadAsync(connection, "SELECT concat_ws(' ', id, version, metadata->>'size', user_metadata) FROM storage.objects WHERE name LIKE '%a.txt'"));
        Assert.Equal(
            server.State.Objects("b").Select(row => row.UpdatedAt.UtcDateTime),
            await ReadTimesAsync(connection));
    }

    [Fact]
    public async Task CreateAsync_Always_TurnsRowSecurityAndTheGuardOn()
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await using var connection = await PostgresFixture.OpenAsync(connectionString);
        await StorageTables.CreateAsync(connection);

        Assert.Equal("t t", await ReadAsync(connection, "SELECT string_agg(CASE WHEN relrowsecurity THEN 't' ELSE 'f' END, ' ') FROM pg_class WHERE relname IN ('buckets', 'objects')"));
        await Assert.ThrowsAsync<PostgresException>(() => ReadAsync(connection, "DELETE FROM storage.objects"));
    }

    private static async Task<string?> ReadAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (await command.ExecuteScalarAsync())?.ToString();
    }

    private static async Task<List<DateTime>> ReadTimesAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT updated_at FROM storage.objects ORDER BY name COLLATE \"C\"", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var times = new List<DateTime>();
        while (await reader.ReadAsync())
        {
            times.Add(reader.GetDateTime(0));
        }

        return times;
    }
}
