using Backup.Core.ObjectStores;
using Backup.Core.Postgres;
using Backup.Core.Postgres.StoredObjects;
using Backup.TestKit.PostgreSql;
using Microsoft.Extensions.Logging;

namespace Backup.Core.IntegrationTests.Postgres.StoredObjects;

/// <summary>Databases with the tables of Supabase Storage, and listings of them.</summary>
internal static class StorageDatabase
{
    public const string Index = """CREATE INDEX idx_objects_bucket_id_name ON storage.objects (bucket_id, name COLLATE "C");""";

    /// <summary>The columns of the first servers.</summary>
    public const string OldTables =
        """
        CREATE SCHEMA storage;
        CREATE TABLE storage.buckets (id text PRIMARY KEY, name text NOT NULL, owner uuid, created_at timestamptz DEFAULT now(),
            updated_at timestamptz DEFAULT now());
        CREATE TABLE storage.objects (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), bucket_id text REFERENCES storage.buckets (id),
            name text, owner uuid, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(),
            last_accessed_at timestamptz DEFAULT now(), metadata jsonb);
        CREATE UNIQUE INDEX bucketid_objname ON storage.objects (bucket_id, name);
        """;

    /// <summary>A database with the tables of a new server, and rows in them.</summary>
    public static async Task<TestDatabase> CreateAsync(PostgresFixture fixture, string? rows = null, DatabaseOptions? options = null)
    {
        var database = await TestDatabase.CreateAsync(fixture, null, options);
        await Backup.TestKit.Storage.Mirror.StorageTables.CreateAsync(database.Connection);
        await database.ExecuteAsync("SET storage.allow_delete_query = 'true';" + rows);
        return database;
    }

    /// <summary>Opens a snapshot that lists objects.</summary>
    public static Task<SnapshotSession> OpenSessionAsync(
        PostgresSource source, ILogger? logger = null, int connections = 2, TableSelection? selection = null) =>
        SnapshotReads.OpenAsync(
            usesWire: false,
            source,
            selection,
            new SnapshotOptions { Connections = connections, ListsObjects = true, JoinTimeout = TimeSpan.FromSeconds(5) },
            logger);

    /// <summary>Opens the listing of a snapshot, which must be possible.</summary>
    public static async Task<SnapshotObjects> OpenListingAsync(this SnapshotSession session)
    {
        var objects = await session.OpenObjectsAsync(default);
        Assert.NotNull(objects);
        return objects;
    }

    /// <summary>All objects of a bucket.</summary>
    public static async Task<List<StoredObject>> ListAsync(this SnapshotObjects objects, string bucket, string prefix = "")
    {
        var list = new List<StoredObject>();
        await foreach (var item in objects.ListObjectsAsync(bucket, prefix, default))
            list.Add(item);
        return list;
    }

    /// <summary>The names of all objects of a bucket.</summary>
    public static async Task<string[]> NamesAsync(this SnapshotObjects objects, string bucket, string prefix = "") =>
        [.. (await objects.ListAsync(bucket, prefix)).Select(item => item.Name)];
}
