using System.Globalization;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>
/// Looks for objects that no reader has added. A backup without them would look whole and not be, so whoever made it must have allowed that.
/// </summary>
/// <remarks>Kinds that came after the versions known here show themselves by catalogs and letters that are not known here either.</remarks>
internal sealed class UnsupportedKindsReader : ObjectKindReader
{
    private const int MaxNamed = 1_000;
    private const string Reason = "A backup cannot hold objects of this kind, or this role may not read its definition.";

    // What comes with another object ('i') or an extension ('e') is made by it. An operator without a function is only
    // announced by another one. Subscriptions are shared by all databases of the server; large objects are backed up as rows.
    private const string Query =
        """
        SELECT o.class, o.id, n.nspname
        FROM (
            SELECT 1247::oid, oid, typnamespace FROM pg_catalog.pg_type WHERE typrelid = 0
            UNION ALL SELECT 1255, oid, pronamespace FROM pg_catalog.pg_proc
            UNION ALL SELECT 1259, oid, relnamespace FROM pg_catalog.pg_class
                WHERE relkind NOT IN ('i', 'I', 't', 'c') AND relpersistence <> 't'
            UNION ALL SELECT 1417, oid, 0 FROM pg_catalog.pg_foreign_server
            UNION ALL SELECT 1418, umid, 0 FROM pg_catalog.pg_user_mappings
            UNION ALL SELECT 2328, oid, 0 FROM pg_catalog.pg_foreign_data_wrapper
            UNION ALL SELECT 2601, oid, 0 FROM pg_catalog.pg_am
            UNION ALL SELECT 2605, oid, 0 FROM pg_catalog.pg_cast
            UNION ALL SELECT 2606, oid, connamespace FROM pg_catalog.pg_constraint
                WHERE contype NOT IN ('c', 'f', 'n', 'p', 't', 'u', 'x')
            UNION ALL SELECT 2607, oid, connamespace FROM pg_catalog.pg_conversion
            UNION ALL SELECT 2612, oid, 0 FROM pg_catalog.pg_language
            UNION ALL SELECT 2615, oid, oid FROM pg_catalog.pg_namespace
            UNION ALL SELECT 2616, oid, opcnamespace FROM pg_catalog.pg_opclass
            UNION ALL SELECT 2617, oid, oprnamespace FROM pg_catalog.pg_operator WHERE oprcode <> 0
            UNION ALL SELECT 2753, oid, opfnamespace FROM pg_catalog.pg_opfamily
            UNION ALL SELECT 3079, oid, 0 FROM pg_catalog.pg_extension
            UNION ALL SELECT 3256, p.oid, c.relnamespace FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
            UNION ALL SELECT 3381, s.oid, s.stxnamespace FROM pg_catalog.pg_statistic_ext s
                JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid AND c.relpersistence <> 't'
            UNION ALL SELECT 3456, oid, collnamespace FROM pg_catalog.pg_collation
            UNION ALL SELECT 3466, oid, 0 FROM pg_catalog.pg_event_trigger
            UNION ALL SELECT 3576, oid, 0 FROM pg_catalog.pg_transform
            UNION ALL SELECT 3600, oid, dictnamespace FROM pg_catalog.pg_ts_dict
            UNION ALL SELECT 3601, oid, prsnamespace FROM pg_catalog.pg_ts_parser
            UNION ALL SELECT 3602, oid, cfgnamespace FROM pg_catalog.pg_ts_config
            UNION ALL SELECT 3764, oid, tmplnamespace FROM pg_catalog.pg_ts_template
            UNION ALL SELECT 6100, s.oid, 0 FROM pg_catalog.pg_subscription s
                JOIN pg_catalog.pg_database d ON d.oid = s.subdbid AND d.datname = pg_catalog.current_database()
            UNION ALL SELECT 6104, oid, 0 FROM pg_catalog.pg_publication
            UNION ALL SELECT DISTINCT classid, objid, 0::oid FROM pg_catalog.pg_depend
                WHERE classid NOT IN (0, 826, 1247, 1255, 1259, 1417, 1418, 2328, 2601, 2602, 2603, 2604, 2605, 2606, 2607, 2612, 2613, 2615, 2616,
                    2617, 2618, 2620, 2753, 3079, 3256, 3381, 3456, 3466, 3576, 3600, 3601, 3602, 3764, 6100, 6104, 6106, 6237)
        ) o(class, id, schema)
        LEFT JOIN pg_catalog.pg_namespace n ON n.oid = o.schema
        WHERE o.id >= 16384 AND coalesce(n.nspname, '') !~ '^pg_' AND coalesce(n.nspname, '') <> 'information_schema'
            AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_depend d WHERE d.classid = o.class AND d.objid = o.id AND d.deptype IN ('i', 'e'))
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        if (KnownServers.FindFault(context.Major) is { } server)
        {
            catalog.Unsupported.Add(server);
        }

        var objects = await context.QueryAsync(
            Query,
            row => new SchemaObject
            {
                Address = new ObjectAddress(row.Oid(0), row.Oid(1)),
                Kind = ObjectKinds.Unsupported,
                Schema = row.Text(2),
                Name = "",
                Create = () => "",
            },
            cancellationToken).ConfigureAwait(false);
        var lost = objects.Where(item => catalog.Find(item.Address) is null && catalog.IsDefined(item)).ToList();
        if (lost.Count > 0)
        {
            var names = await DescribeAsync(context, lost, cancellationToken).ConfigureAwait(false);
            catalog.Unsupported.AddRange(names.Select(name => new UnsupportedObject(name, Reason)));
        }
    }

    // Each one, but no endless list: what is said of a million objects helps nobody.
    private static async Task<List<string>> DescribeAsync(ReadContext context, List<SchemaObject> lost, CancellationToken cancellationToken)
    {
        var addresses = string.Join(", ", lost.Take(MaxNamed).Select(item =>
            string.Create(CultureInfo.InvariantCulture, $"({item.Address.ClassId}::oid, {item.Address.ObjectId}::oid)")));
        var names = await context.QueryAsync(
            $"SELECT pg_catalog.pg_describe_object(o.class, o.id, 0) FROM (VALUES {addresses}) o(class, id) ORDER BY 1",
            row => row.GetString(0),
            cancellationToken).ConfigureAwait(false);
        if (lost.Count > MaxNamed)
        {
            names.Add(string.Create(CultureInfo.InvariantCulture, $"{lost.Count - MaxNamed} more objects of such kinds"));
        }

        return names;
    }
}
