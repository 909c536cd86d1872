using System.Data.Common;

namespace Backup.Core.Postgres.StoredObjects;

/// <summary>The columns that the two tables have in one database: they grow from one version of Supabase Storage to the next.</summary>
internal sealed class StorageColumns
{
    /// <summary>Gives one row for each column that can be set: table, column, type.</summary>
    public const string Query =
        """
        SELECT c.relname::text, a.attname::text, pg_catalog.format_type(a.atttypid, NULL)
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
        WHERE n.nspname = 'storage' AND c.relname IN ('buckets', 'objects') AND c.relkind = 'r'
          AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        """;

    private readonly Dictionary<(string Table, string Column), string> _types;

    /// <summary>Takes the rows of <see cref="Query"/>.</summary>
    public StorageColumns(IEnumerable<(string Table, string Column, string Type)> rows) =>
        _types = rows.ToDictionary(row => (row.Table, row.Column), row => row.Type);

    /// <summary>One row of <see cref="Query"/>.</summary>
    public static (string Table, string Column, string Type) ReadRow(DbDataReader row) =>
        (row.GetString(0), row.GetString(1), row.GetString(2));

    /// <summary>Whether there is such a column.</summary>
    public bool Has(QualifiedName table, string column) => _types.ContainsKey((table.Name, column));

    /// <summary>The type of a column, as <c>format_type</c> writes it; <see langword="null"/> when there is none.</summary>
    public string? TypeOf(QualifiedName table, string column) => _types.GetValueOrDefault((table.Name, column));

    /// <summary>The first column without which nothing can be listed or found, and that is missing; <see langword="null"/> for none.</summary>
    public string? FirstMissing()
    {
        if (!Has(StorageTables.Buckets, "id"))
            return "storage.buckets.id";
        if (!Has(StorageTables.Objects, "bucket_id"))
            return "storage.objects.bucket_id";
        return Has(StorageTables.Objects, "name") ? null : "storage.objects.name";
    }
}
