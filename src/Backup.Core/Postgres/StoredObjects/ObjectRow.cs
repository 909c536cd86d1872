using System.Globalization;
using Backup.Core.ObjectStores;
using Npgsql;

namespace Backup.Core.Postgres.StoredObjects;

/// <summary>Reads the rows of <see cref="ObjectQueries"/>.</summary>
internal static class ObjectRow
{
    /// <summary>The digits that a size may have: more than any object needs, and none of them overflows.</summary>
    public const int MaxSizeDigits = 18;

    /// <summary>A row of <see cref="ObjectQueries.Buckets"/>.</summary>
    public static BucketInfo ReadBucket(NpgsqlDataReader row)
    {
        var id = row.GetString(0);
        return new BucketInfo
        {
            Id = id,
            Name = Text(row, 1) ?? id,
            IsPublic = !row.IsDBNull(2) && row.GetBoolean(2),
            FileSizeLimitBytes = row.IsDBNull(3) ? null : row.GetInt64(3),
            AllowedMediaTypes = row.IsDBNull(4) ? null : [.. row.GetFieldValue<string?[]>(4).OfType<string>()],
            OwnerId = Text(row, 5),
            CreatedAt = Time(row, 6),
            UpdatedAt = Time(row, 7),
        };
    }

    /// <summary>A row of <see cref="ObjectQueries.Objects"/>.</summary>
    public static StoredObject ReadObject(NpgsqlDataReader row, string bucket) => new()
    {
        Bucket = bucket,
        Name = row.GetString(0),
        Id = Text(row, 1),
        Bytes = Size(Text(row, 2)),
        ETag = Text(row, 3),
        Version = Text(row, 4),
        ContentType = Text(row, 5),
        CacheControl = Text(row, 6),
        RobotsTag = Text(row, 7),
        UserMetadata = Text(row, 8),
        OwnerId = Text(row, 9),
        CreatedAt = Time(row, 10),
        UpdatedAt = Time(row, 11),
    };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private static long? Size(string? text) =>
        text is { Length: > 0 and <= MaxSizeDigits } && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? bytes
            : null;
}
