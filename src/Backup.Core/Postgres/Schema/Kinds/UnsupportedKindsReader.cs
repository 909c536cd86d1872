using Backup.Core.Errors;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>
/// Looks for objects of the kinds that no reader writes. A backup without them would look whole and not be, so it fails
/// and names them instead.
/// </summary>
internal sealed class UnsupportedKindsReader : ObjectKindReader
{
    private const int NamesShown = 5;

    private const string Query =
        """
        SELECT o.class, o.id, n.nspname, pg_catalog.pg_describe_object(o.class, o.id, 0)
        FROM (
            SELECT 1247::oid, t.oid, t.typnamespace FROM pg_catalog.pg_type t
            WHERE (t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid))
                OR (t.typtype = 'p' AND NOT t.typisdefined)
            UNION ALL SELECT 1259, oid, relnamespace FROM pg_catalog.pg_class WHERE relkind = 'f'
            UNION ALL SELECT 2613, oid, 0 FROM pg_catalog.pg_largeobject_metadata
            UNION ALL SELECT 6100, s.oid, 0 FROM pg_catalog.pg_subscription s
            JOIN pg_catalog.pg_database d ON d.oid = s.subdbid AND d.datname = pg_catalog.current_database()
        ) o(class, id, schema)
        LEFT JOIN pg_catalog.pg_namespace n ON n.oid = o.schema
        WHERE o.id >= 16384 AND coalesce(n.nspname, '') !~ '^pg_'
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = o.class AND d.objid = o.id AND d.deptype = 'i')
        ORDER BY 4
        """;

    /// <inheritdoc/>
    /// <exception cref="DatabaseException">The selection holds such objects.</exception>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var objects = await context.QueryAsync(
            Query,
            row => new SchemaObject
            {
                Address = new ObjectAddress(row.Oid(0), row.Oid(1)),
                Kind = ObjectKinds.Unsupported,
                Schema = row.Text(2),
                Name = row.GetString(3),
                Create = () => "",
            },
            cancellationToken).ConfigureAwait(false);
        var lost = objects.Where(catalog.IsDefined).Select(item => item.Name).ToList();
        if (lost.Count > 0)
        {
            var more = lost.Count > NamesShown ? $" and {lost.Count - NamesShown} more" : "";
            throw new DatabaseException(
                $"The database holds objects of kinds that a backup cannot hold yet: {string.Join(", ", lost.Take(NamesShown))}{more}.")
            {
                Stage = "Schema",
                Subject = lost[0],
                Hint = "Leave out their schemas, choose the schemas or tables to take, or drop the objects if nothing needs them.",
            };
        }
    }
}
