using System.Globalization;

namespace Backup.Core.Postgres.StoredObjects;

/// <summary>Writes the queries of buckets and objects for the columns that a database has.</summary>
/// <remarks>
/// Each gives the same columns whatever the database has; what it lacks is null. A value of an unexpected type is null
/// too: rows put in by SQL may hold anything in their JSON, and none may break a listing.
/// </remarks>
internal sealed class ObjectQueries(StorageColumns columns)
{
    /// <summary>Settings under which a page comes out of the index of (bucket_id, name COLLATE "C"), whatever the estimates say.</summary>
    public static readonly IReadOnlyList<string> InOrder =
        ["SET LOCAL enable_indexscan = on", "SET LOCAL enable_sort = off", "SET LOCAL enable_incremental_sort = off"];

    /// <summary>Settings under which the server chooses how it reads.</summary>
    public static readonly IReadOnlyList<string> Free =
    [
        "SET LOCAL enable_seqscan = on", "SET LOCAL enable_indexscan = on",
        "SET LOCAL enable_indexonlyscan = on", "SET LOCAL enable_bitmapscan = on",
    ];

    // A DateTimeOffset holds the years 1 to 9999; a timestamp of PostgreSQL more, and infinity.
    private const string LeastTime = "'0001-01-01 00:00:00+00'";
    private const string GreatestTime = "'9999-12-31 23:59:59.999999+00'";

    // More than an index holds of one object, so that what is cut here never gets into a backup: rows may hold texts of any length.
    private const int MaxTextCharacters = 100_000;

    // Metadata that takes less on the disk, packed perhaps, has no text that would have to be cut for the sake of memory; cutting each
    // takes the server longer than finding it.
    private const int FewBytes = 2000;

    private static readonly QualifiedName Bucket = StorageTables.Buckets;
    private static readonly QualifiedName Object = StorageTables.Objects;

    /// <summary>The buckets that hold files: id, name, public, size limit, media types, owner, created, updated.</summary>
    public string Buckets() =>
        $"""
        SELECT id::text, {Text(Bucket, "name")}, {Column(Bucket, "public", "boolean")}, {Column(Bucket, "file_size_limit", "int8")},
               {Column(Bucket, "allowed_mime_types", "text[]")}, {Owner(Bucket)}, {Time(Bucket, "created_at")}, {Time(Bucket, "updated_at")}
        FROM ONLY storage.buckets
        """
        + (columns.Has(Bucket, "type") ? " WHERE type::text = 'STANDARD'" : string.Empty);

    /// <summary>The ids and types of the buckets of other kinds, which hold no files.</summary>
    public string? OtherBuckets() => columns.Has(Bucket, "type")
        ? "SELECT id::text, type::text FROM ONLY storage.buckets WHERE type::text IS DISTINCT FROM 'STANDARD' ORDER BY 1"
        : null;

    /// <summary>Of the buckets in <c>$1</c>, those with objects: id, number, bytes. Names from <c>$2</c> to below <c>$3</c>.</summary>
    public string Counts(bool hasEnd) =>
        $"""
        SELECT bucket_id::text, count(*), least(coalesce(sum({Size()}), 0), {long.MaxValue})::int8
        FROM ONLY storage.objects
        WHERE bucket_id = ANY ($1) AND name COLLATE "C" >= $2{End(hasEnd ? "$3" : null)}{Current()}
        GROUP BY bucket_id
        """;

    /// <summary>
    /// The objects of bucket <c>$1</c> in the order of their names, from <c>$2</c> or behind it to below <c>$3</c>:
    /// name, id, size, ETag, version, media type, cache control, robots tag, user metadata, owner, created, updated.
    /// </summary>
    public string Objects(bool isBehind, bool hasEnd) => ObjectsOf(isBehind, "$1", "$2", hasEnd ? "$3" : null);

    /// <summary>The same for a bucket and names that are given, as COPY takes no parameters, and so many of them at the most.</summary>
    public string CopyObjects(string bucket, NameRange range, bool isBehind, int rows)
    {
        var objects = ObjectsOf(
            isBehind, SqlText.Literal(bucket), SqlText.Literal(range.First), range.End is { } end ? SqlText.Literal(end) : null);
        return string.Create(CultureInfo.InvariantCulture, $"COPY ({objects} LIMIT {rows}) TO STDOUT (ENCODING 'UTF8')");
    }

    private string ObjectsOf(bool isBehind, string bucket, string first, string? end) =>
        $"""
        SELECT name::text, {Text(Object, "id")}, {Metadata("size")}, {Metadata("eTag")}, {Text(Object, "version")},
               {Metadata("mimetype")}, {Metadata("cacheControl")}, {Metadata("xRobotsTag")}, {UserMetadata()}, {Owner(Object)},
               {Time(Object, "created_at")}, {Time(Object, "updated_at")}
        FROM ONLY storage.objects
        WHERE bucket_id = {bucket} AND name COLLATE "C" {(isBehind ? ">" : ">=")} {first}{End(end)}{Current()}
        ORDER BY name COLLATE "C"
        """;

    private static string End(string? end) => end is null ? string.Empty : $""" AND name COLLATE "C" < {end}""";

    // Delete markers and archived versions are no objects that anyone could read.
    private string Current() =>
        (columns.Has(Object, "is_delete_marker") ? " AND is_delete_marker IS NOT TRUE" : string.Empty)
        + (columns.Has(Object, "archived_at") ? " AND archived_at IS NULL" : string.Empty);

    private string Column(QualifiedName table, string column, string type) =>
        columns.Has(table, column) ? $"{column}::{type}" : $"NULL::{type}";

    private string Text(QualifiedName table, string column) => Column(table, column, "text");

    private string Owner(QualifiedName table) => $"coalesce(nullif({Text(table, "owner_id")}, ''), {Text(table, "owner")})";

    private string Time(QualifiedName table, string column)
    {
        var time = Column(table, column, "timestamptz");
        return $"CASE WHEN {time} BETWEEN {LeastTime} AND {GreatestTime} THEN {time} END";
    }

    private string Metadata(string key) =>
        columns.TypeOf(Object, "metadata") == "jsonb"
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"CASE WHEN pg_catalog.pg_column_size(metadata) < {FewBytes} THEN metadata ->> '{key}' ELSE {Cut($"metadata ->> '{key}'")} END")
            : "NULL::text";

    private static string Cut(string text) => string.Create(CultureInfo.InvariantCulture, $"left({text}, {MaxTextCharacters})");

    // The same values that ObjectRow takes for a size.
    private string Size()
    {
        var size = Metadata("size");
        return $"CASE WHEN {size} ~ '^[0-9]{{1,{ObjectRow.MaxSizeDigits}}}$' THEN ({size})::int8 END";
    }

    private string UserMetadata() => columns.TypeOf(Object, "user_metadata") == "jsonb"
        ? $"CASE WHEN pg_catalog.jsonb_typeof(user_metadata) = 'object' AND user_metadata <> '{{}}' THEN {Cut("user_metadata::text")} END"
        : "NULL::text";
}
