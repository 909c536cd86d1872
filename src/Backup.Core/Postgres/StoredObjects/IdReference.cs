using System.Data.Common;

namespace Backup.Core.Postgres.StoredObjects;

/// <summary>A foreign key to storage.objects.id.</summary>
/// <param name="Table">The table that refers.</param>
/// <param name="Column">Its column that holds the ids.</param>
/// <param name="IsReadable">Whether the role may read that table.</param>
internal sealed record IdReference(QualifiedName Table, string Column, bool IsReadable)
{
    /// <summary>Gives one row for each foreign key; those of partitions come with their parent's.</summary>
    public const string Query =
        """
        SELECT fn.nspname::text, f.relname::text, fa.attname::text,
               pg_catalog.has_schema_privilege(fn.oid, 'USAGE') AND pg_catalog.has_table_privilege(f.oid, 'SELECT')
        FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_class c ON c.oid = k.confrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_class f ON f.oid = k.conrelid
        JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
        CROSS JOIN unnest(k.conkey, k.confkey) AS pair (own, referred)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = pair.referred
        JOIN pg_catalog.pg_attribute fa ON fa.attrelid = f.oid AND fa.attnum = pair.own
        WHERE k.contype = 'f' AND k.conparentid = 0 AND n.nspname = 'storage' AND c.relname = 'objects' AND a.attname = 'id'
        ORDER BY 1, 2, 3
        """;

    /// <summary>One row of <see cref="Query"/>.</summary>
    public static IdReference ReadRow(DbDataReader row) =>
        new(new QualifiedName(row.GetString(0), row.GetString(1)), row.GetString(2), row.GetBoolean(3));
}
