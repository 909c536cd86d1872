namespace Backup.Core.Postgres.StoredObjects;

/// <summary>Writes the statements that put rows back, for the columns that a target has.</summary>
/// <remarks>
/// With triggers off, foreign keys are not checked. So an id is changed only where no row refers to the one that the upload
/// gave, and never to one that another row has.
/// </remarks>
internal sealed class RowUpdates(StorageColumns columns, IReadOnlyList<IdReference> references)
{
    /// <summary>Of buckets: ids, owners as text, owners as uuid, created, updated; gives the number of rows.</summary>
    public string? Buckets
    {
        get
        {
            var settings = Settings(StorageTables.Buckets);
            return settings.Count == 0 ? null :
                $"""
                WITH changed AS (
                    UPDATE ONLY storage.buckets AS o SET {string.Join(", ", settings)}
                    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
                        AS v (id, owner_text, owner_uuid, created_at, updated_at)
                    WHERE o.id = v.id
                    RETURNING o.id)
                SELECT count(*) FROM changed
                """;
        }
    }

    /// <summary>Of objects: buckets, names, ids, owners as text, owners as uuid, created, updated; gives the numbers of rows and of ids left as they are.</summary>
    public string? Objects
    {
        get
        {
            var hasId = columns.TypeOf(StorageTables.Objects, "id") == "uuid";
            var settings = Settings(StorageTables.Objects);
            if (hasId)
                settings.Add(SetId());
            return settings.Count == 0 ? null :
                $"""
                WITH changed AS (
                    UPDATE ONLY storage.objects AS o SET {string.Join(", ", settings)}
                    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
                        AS v (bucket, name, id, owner_text, owner_uuid, created_at, updated_at)
                    WHERE o.bucket_id = v.bucket AND o.name = v.name{Current()}
                    RETURNING {(hasId ? "o.id <> v.id::uuid" : "false")} AS keeps_id)
                SELECT count(*), count(*) FILTER (WHERE keeps_id) FROM changed
                """;
        }
    }

    private string SetId()
    {
        const string IsFree = "v.id IS NOT NULL AND NOT EXISTS (SELECT FROM storage.objects other WHERE other.id = v.id::uuid)";
        var isUnused = references.Select(key => key.IsReadable
            ? $"NOT EXISTS (SELECT FROM {key.Table.ToSql()} r WHERE r.{SqlText.Identifier(key.Column)} = o.id)"
            : "false");
        return $"id = CASE WHEN {string.Join(" AND ", isUnused.Prepend(IsFree))} THEN v.id::uuid ELSE o.id END";
    }

    private List<string> Settings(QualifiedName table)
    {
        var settings = new List<string>();
        if (columns.TypeOf(table, "owner") == "uuid")
            settings.Add("owner = v.owner_uuid::uuid");
        if (columns.Has(table, "owner_id"))
            settings.Add("owner_id = v.owner_text");
        foreach (var time in new[] { "created_at", "updated_at" })
        {
            if (columns.Has(table, time))
                settings.Add($"{time} = coalesce(v.{time}::timestamptz, o.{time})");
        }

        return settings;
    }

    private string Current() =>
        (columns.Has(StorageTables.Objects, "is_delete_marker") ? " AND o.is_delete_marker IS NOT TRUE" : string.Empty)
        + (columns.Has(StorageTables.Objects, "archived_at") ? " AND o.archived_at IS NULL" : string.Empty);
}
