namespace Backup.Core.Postgres.LargeObjects;

/// <summary>
/// The SQL that brings large objects back from the two tables of a backup: for a restore, and for the script that psql runs.
/// </summary>
/// <remarks>
/// COPY needs a table. The contents never get into theirs: the condition, which COPY evaluates for each row, writes the row's bytes into the
/// large object and is never true. So nothing is stored twice, and no right but those of the functions is needed.
/// </remarks>
internal static class LargeObjectLoading
{
    /// <summary>The temporary table that holds which large objects there are.</summary>
    public const string MetadataTable = "pg_temp.backup_core_large_objects";

    /// <summary>The name of <see cref="MetadataTable"/>.</summary>
    public static QualifiedName MetadataTableName { get; } = new("pg_temp", "backup_core_large_objects");

    /// <summary>The temporary table that contents are copied to, and that stays empty.</summary>
    public const string ContentsTable = "pg_temp.backup_core_large_object_contents";

    /// <summary>Makes <see cref="MetadataTable"/>.</summary>
    public const string CreateMetadataTable =
        $"CREATE TEMPORARY TABLE {MetadataTable} (oid oid NOT NULL, owner text NOT NULL, roles text[], privileges text, comments text);";

    /// <summary>Makes <see cref="MetadataTable"/> fast to read by oid, once it is filled. A list of several snapshots may name an object twice.</summary>
    public const string IndexMetadataTable = $"CREATE INDEX ON {MetadataTable} (oid); ANALYZE {MetadataTable};";

    /// <summary>Makes <see cref="ContentsTable"/> unless it is there.</summary>
    public const string CreateContentsTable =
        $"CREATE TEMPORARY TABLE IF NOT EXISTS {ContentsTable} (oid oid, \"offset\" int8, data bytea);";

    /// <summary>Makes what <see cref="MixedCondition"/> calls: it writes only into objects that there are.</summary>
    public const string CreateMixedWriter =
        "CREATE OR REPLACE FUNCTION pg_temp.backup_core_write(oid, int8, bytea) RETURNS boolean LANGUAGE sql AS "
        + "'SELECT pg_catalog.lo_put($1, $2, $3) IS NULL WHERE EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata WHERE oid = $1)';";

    /// <summary>What COPY into <see cref="ContentsTable"/> ends with.</summary>
    public const string Condition = "WHERE pg_catalog.lo_put(oid, \"offset\", data) IS NULL";

    /// <summary>The same where the contents are of several snapshots: some may be of an object that was removed between two of them.</summary>
    public const string MixedCondition = "WHERE pg_temp.backup_core_write(oid, \"offset\", data)";

    /// <summary>Of a row of <see cref="MetadataTable"/>, the statement that gives the object to its owner; null where it has it.</summary>
    public const string OwnerStatement =
        "CASE WHEN owner <> current_user THEN pg_catalog.format('ALTER LARGE OBJECT %s OWNER TO %I;', oid, owner) END";
}
