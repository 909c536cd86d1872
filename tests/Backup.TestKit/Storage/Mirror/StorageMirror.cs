using Backup.TestKit.Storage.Protocol;
using Npgsql;
using NpgsqlTypes;

namespace Backup.TestKit.Storage.Mirror;

/// <summary>Writes each change of a server's state to the tables of a database. Used by one caller at a time.</summary>
/// <remarks>The role must be a superuser: the real server's bypasses row security, and this one switches triggers off too.</remarks>
internal sealed class StorageMirror : IAsyncDisposable
{
    private const string WriteBucketSql =
        """
        INSERT INTO storage.buckets
            (id, name, owner, owner_id, public, file_size_limit, allowed_mime_types, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (id) DO UPDATE SET public = excluded.public, file_size_limit = excluded.file_size_limit,
            allowed_mime_types = excluded.allowed_mime_types, updated_at = excluded.updated_at
        """;

    private const string WriteObjectSql =
        """
        INSERT INTO storage.objects
            (id, bucket_id, name, owner, owner_id, created_at, updated_at, last_accessed_at, metadata, version, user_metadata)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (bucket_id, name) DO UPDATE SET owner = excluded.owner, owner_id = excluded.owner_id,
            updated_at = excluded.updated_at, metadata = excluded.metadata, version = excluded.version,
            user_metadata = excluded.user_metadata
        """;

    private const string CopyObjectsSql =
        """
        COPY storage.objects
            (id, bucket_id, name, owner, owner_id, created_at, updated_at, last_accessed_at, metadata, version, user_metadata)
        FROM STDIN (FORMAT binary)
        """;

    // Replica: updated_at is that of the server's clock, not of the tables' trigger.
    private const string SessionSql =
        "SET storage.allow_delete_query = 'true'; SET session_replication_role = replica; SET synchronous_commit = off; "
        + "SET lock_timeout = 0; SET statement_timeout = 0";

    private const int PreparedStatements = 8;

    private readonly NpgsqlConnection _connection;

    private StorageMirror(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Connects to a database that has the tables.</summary>
    public static async Task<StorageMirror> OpenAsync(string connectionString)
    {
        // Tests upload thousands of objects, one statement each.
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = PreparedStatements };
        var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(SessionSql, connection);
        await command.ExecuteNonQueryAsync();
        return new StorageMirror(connection);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>Writes a bucket, new or changed.</summary>
    public Task WriteBucketAsync(BucketRow row) => ExecuteAsync(
        WriteBucketSql,
        row.Id,
        row.Name,
        OwnerOf(row.OwnerId),
        row.OwnerId,
        row.IsPublic,
        row.FileSizeLimitBytes,
        row.AllowedMimeTypes?.ToArray(),
        row.CreatedAt,
        row.UpdatedAt);

    /// <summary>Deletes a bucket and its objects.</summary>
    public async Task DeleteBucketAsync(string id)
    {
        await ExecuteAsync("DELETE FROM storage.objects WHERE bucket_id = $1", id);
        await ExecuteAsync("DELETE FROM storage.buckets WHERE id = $1", id);
    }

    /// <summary>Writes an object, new or overwritten.</summary>
    public async Task WriteObjectAsync(ObjectRow row)
    {
        await using var command = new NpgsqlCommand(WriteObjectSql, _connection);
        foreach (var (value, type) in Values(row))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        }

        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Writes new objects in bulk.</summary>
    public async Task CopyObjectsAsync(IEnumerable<ObjectRow> rows)
    {
        await using var writer = await _connection.BeginBinaryImportAsync(CopyObjectsSql);
        foreach (var row in rows)
        {
            await writer.StartRowAsync();
            foreach (var (value, type) in Values(row))
            {
                await (value is null ? writer.WriteNullAsync() : writer.WriteAsync(value, type));
            }
        }

        await writer.CompleteAsync();
    }

    /// <summary>Deletes an object.</summary>
    public Task DeleteObjectAsync(string bucket, string name) =>
        ExecuteAsync("DELETE FROM storage.objects WHERE bucket_id = $1 AND name = $2", bucket, name);

    private static IEnumerable<(object? Value, NpgsqlDbType Type)> Values(ObjectRow row) =>
    [
        (row.Id, NpgsqlDbType.Uuid),
        (row.BucketId, NpgsqlDbType.Text),
        (row.Name, NpgsqlDbType.Text),
        (OwnerOf(row.OwnerId), NpgsqlDbType.Uuid),
        (row.OwnerId, NpgsqlDbType.Text),
        (row.CreatedAt, NpgsqlDbType.TimestampTz),
        (row.UpdatedAt, NpgsqlDbType.TimestampTz),
        (row.LastAccessedAt, NpgsqlDbType.TimestampTz),
        (row.Metadata?.ToJson().ToJsonString(StorageJson.Options), NpgsqlDbType.Jsonb),
        (row.Version, NpgsqlDbType.Text),
        (row.UserMetadata, NpgsqlDbType.Jsonb),
    ];

    // The deprecated column holds only what is a UUID.
    private static Guid? OwnerOf(string? ownerId) => Guid.TryParse(ownerId, out var id) ? id : null;

    private async Task ExecuteAsync(string sql, params object?[] values)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        await command.ExecuteNonQueryAsync();
    }
}
