using Npgsql;

namespace Backup.TestKit.PostgreSql;

/// <summary>A column of a system catalog.</summary>
/// <param name="Catalog">The catalog's name.</param>
/// <param name="Name">The column's name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Target">The catalog whose oids it holds; 0 for none.</param>
internal sealed record CatalogColumn(string Catalog, string Name, string Type, uint Target)
{
    // Parse trees hold oids inside: they are shown by the server's functions for definitions.
    private const string Columns =
        """
        SELECT c.relname, a.attname, format_type(a.atttypid, NULL), coalesce(f.pktable::oid, 0)
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          LEFT JOIN pg_get_catalog_foreign_keys() f ON f.fktable = c.oid AND f.fkcols = ARRAY[a.attname::text] AND f.pkcols = ARRAY['oid']
         WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND a.atttypid <> 'pg_node_tree'::regtype
         ORDER BY c.relname, a.attname
        """;

    /// <summary>The column of <c>t</c> as something that two databases can have in common.</summary>
    public string Expression => (Target, Type) switch
    {
        (0, "aclitem[]") => $"(SELECT array_agg(x::text ORDER BY x::text) FROM unnest(t.{Name}) x)",
        (0, "bytea") => $"encode(t.{Name}, 'hex')",
        (0, _) => $"t.{Name}",
        (_, "oidvector" or "oid[]") =>
            $"ARRAY(SELECT pg_describe_object({Target}, x, 0) FROM unnest(t.{Name}::oid[]) WITH ORDINALITY u(x, n) ORDER BY n)",
        _ => $"CASE WHEN t.{Name} <> 0 THEN pg_describe_object({Target}, t.{Name}, 0) END",
    };

    /// <summary>The columns of all catalogs, by catalog.</summary>
    public static async Task<ILookup<string, CatalogColumn>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Columns, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<CatalogColumn>();
        while (await reader.ReadAsync(cancellationToken))
        {
            columns.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<uint>(3)));
        }

        return columns.ToLookup(column => column.Catalog);
    }
}
