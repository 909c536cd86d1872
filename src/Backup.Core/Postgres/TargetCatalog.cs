namespace Backup.Core.Postgres;

/// <summary>Asks a database that is to be restored into what it holds. Changes nothing.</summary>
internal static class TargetCatalog
{
    /// <summary>Which of the objects there are.</summary>
    /// <param name="session">A connection to the target.</param>
    /// <param name="objects">The objects.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>The positions in <paramref name="objects"/> of those that exist.</returns>
    public static async Task<IReadOnlySet<int>> FindExistingAsync(
        TargetSession session, IReadOnlyList<TargetObject> objects, CancellationToken cancellationToken)
    {
        // A routine's types are written as format_type does under an empty search_path, which is how the backup writes them.
        const string Sql =
            """
            WITH present AS (
                SELECT 'schema' AS class, '' AS nsp, nspname::text AS name FROM pg_catalog.pg_namespace
                UNION ALL SELECT 'extension', '', extname::text FROM pg_catalog.pg_extension
                UNION ALL SELECT 'language', '', lanname::text FROM pg_catalog.pg_language
                UNION ALL SELECT 'event trigger', '', evtname::text FROM pg_catalog.pg_event_trigger
                UNION ALL SELECT 'publication', '', pubname::text FROM pg_catalog.pg_publication
                UNION ALL SELECT 'foreign data wrapper', '', fdwname::text FROM pg_catalog.pg_foreign_data_wrapper
                UNION ALL SELECT 'server', '', srvname::text FROM pg_catalog.pg_foreign_server
                UNION ALL
                SELECT 'relation', n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                UNION ALL
                SELECT 'type', n.nspname, t.typname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
                UNION ALL
                SELECT 'collation', n.nspname, l.collname FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace
                UNION ALL
                SELECT 'text search configuration', n.nspname, s.cfgname
                FROM pg_catalog.pg_ts_config s JOIN pg_catalog.pg_namespace n ON n.oid = s.cfgnamespace
                UNION ALL
                SELECT 'text search dictionary', n.nspname, s.dictname
                FROM pg_catalog.pg_ts_dict s JOIN pg_catalog.pg_namespace n ON n.oid = s.dictnamespace
                UNION ALL
                SELECT 'routine', n.nspname, p.proname || '(' || coalesce((
                    SELECT string_agg(pg_catalog.format_type(argument, NULL), ', ' ORDER BY place)
                    FROM unnest(p.proargtypes) WITH ORDINALITY AS a (argument, place)), '') || ')'
                FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                WHERE n.nspname <> 'pg_catalog'
            )
            SELECT DISTINCT w.place
            FROM unnest($1, $2, $3, $4) AS w (place, class, nsp, name) JOIN present USING (class, nsp, name)
            """;
        var rows = await session.QueryAsync(
            Sql,
            row => row.GetInt32(0),
            [
                Enumerable.Range(0, objects.Count).ToArray(),
                objects.Select(item => item.Class).ToArray(),
                objects.Select(item => item.Schema).ToArray(),
                objects.Select(item => item.Name).ToArray(),
            ],
            cancellationToken).ConfigureAwait(false);
        return rows.ToHashSet();
    }

    /// <summary>Which of the extensions the server neither offers nor has.</summary>
    public static async Task<IReadOnlySet<string>> FindUnavailableExtensionsAsync(
        TargetSession session, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        const string Sql =
            """
            SELECT w.name FROM unnest($1) AS w (name)
            WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_available_extensions a WHERE a.name = w.name)
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_extension e WHERE e.extname = w.name)
            """;
        return names.Count == 0
            ? new HashSet<string>()
            : (await session.QueryAsync(Sql, row => row.GetString(0), [names.ToArray()], cancellationToken).ConfigureAwait(false)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Which of the roles there are not.</summary>
    public static async Task<IReadOnlyList<string>> FindMissingRolesAsync(
        TargetSession session, IReadOnlyCollection<string> roles, CancellationToken cancellationToken) =>
        await session.QueryAsync(
            "SELECT name FROM unnest($1) AS name WHERE name NOT IN (SELECT rolname FROM pg_catalog.pg_roles) ORDER BY 1",
            row => row.GetString(0),
            [roles.ToArray()],
            cancellationToken).ConfigureAwait(false);

    /// <summary>The tables that rows can be loaded into, with their columns; those that there are not are not in it.</summary>
    public static async Task<IReadOnlyDictionary<QualifiedName, IReadOnlySet<string>>> ReadColumnsAsync(
        TargetSession session, IReadOnlyCollection<QualifiedName> tables, CancellationToken cancellationToken)
    {
        const string Sql =
            """
            SELECT n.nspname, c.relname,
                   array(SELECT a.attname::text FROM pg_catalog.pg_attribute a
                         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '')
            FROM unnest($1, $2) AS w (nsp, name)
            JOIN pg_catalog.pg_namespace n ON n.nspname = w.nsp
            JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
            WHERE c.relkind IN ('r', 'p', 'f')
            """;
        var rows = await session.QueryAsync(
            Sql,
            row => (Name: new QualifiedName(row.GetString(0), row.GetString(1)), Columns: row.GetFieldValue<string[]>(2)),
            Names(tables),
            cancellationToken).ConfigureAwait(false);
        return rows.ToDictionary(row => row.Name, row => (IReadOnlySet<string>)row.Columns.ToHashSet());
    }

    /// <summary>Which of the tables hold rows.</summary>
    public static async Task<IReadOnlyList<QualifiedName>> FindFilledAsync(
        TargetSession session, IReadOnlyCollection<QualifiedName> tables, CancellationToken cancellationToken)
    {
        const int TablesPerQuery = 200;
        var filled = new List<QualifiedName>();
        foreach (var chunk in tables.Chunk(TablesPerQuery))
        {
            var sql = string.Join(
                " UNION ALL ",
                chunk.Select((table, place) => $"SELECT {place} WHERE EXISTS (SELECT FROM ONLY {table.ToSql()})"));
            var places = await session.QueryAsync(sql, row => row.GetInt32(0), [], cancellationToken).ConfigureAwait(false);
            filled.AddRange(places.Order().Select(place => chunk[place]));
        }

        return filled;
    }

    /// <summary>The foreign keys among the tables, each from the referring to the referred table.</summary>
    public static async Task<IReadOnlyList<(QualifiedName From, QualifiedName To)>> ReadForeignKeysAsync(
        TargetSession session, IReadOnlyCollection<QualifiedName> tables, CancellationToken cancellationToken)
    {
        const string Sql =
            """
            WITH chosen AS (
                SELECT c.oid, n.nspname, c.relname FROM unnest($1, $2) AS w (nsp, name)
                JOIN pg_catalog.pg_namespace n ON n.nspname = w.nsp
                JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
            )
            SELECT DISTINCT f.nspname, f.relname, t.nspname, t.relname
            FROM pg_catalog.pg_constraint k JOIN chosen f ON f.oid = k.conrelid JOIN chosen t ON t.oid = k.confrelid
            WHERE k.contype = 'f'
            """;
        return await session.QueryAsync(
            Sql,
            row => (new QualifiedName(row.GetString(0), row.GetString(1)), new QualifiedName(row.GetString(2), row.GetString(3))),
            Names(tables),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Which of the tables have triggers of their own that would fire while rows are loaded.</summary>
    public static async Task<IReadOnlyList<QualifiedName>> FindTriggeredAsync(
        TargetSession session, IReadOnlyCollection<QualifiedName> tables, CancellationToken cancellationToken)
    {
        const string Sql =
            """
            SELECT DISTINCT n.nspname, c.relname
            FROM unnest($1, $2) AS w (nsp, name)
            JOIN pg_catalog.pg_namespace n ON n.nspname = w.nsp
            JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
            JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid
            WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
            ORDER BY 1, 2
            """;
        return await session.QueryAsync(
            Sql, row => new QualifiedName(row.GetString(0), row.GetString(1)), Names(tables), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>The partitioned tables all of whose partitions are among the tables.</summary>
    public static async Task<IReadOnlyList<QualifiedName>> FindCoveredParentsAsync(
        TargetSession session, IReadOnlyCollection<QualifiedName> tables, CancellationToken cancellationToken)
    {
        const string Sql =
            """
            WITH chosen AS (
                SELECT c.oid FROM unnest($1, $2) AS w (nsp, name)
                JOIN pg_catalog.pg_namespace n ON n.nspname = w.nsp
                JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
            )
            SELECT n.nspname, c.relname
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'p' AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_partition_tree(c.oid) t
                WHERE t.isleaf AND t.relid <> c.oid AND t.relid NOT IN (SELECT oid FROM chosen))
            """;
        return await session.QueryAsync(
            Sql, row => new QualifiedName(row.GetString(0), row.GetString(1)), Names(tables), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>The partitions, at all levels, that the server removes together with one of the tables and that are none of them.</summary>
    public static async Task<IReadOnlyList<(QualifiedName Table, QualifiedName Partition)>> FindOtherPartitionsAsync(
        TargetSession session, IReadOnlyCollection<QualifiedName> tables, CancellationToken cancellationToken)
    {
        const string Sql =
            """
            WITH chosen AS (
                SELECT c.oid, n.nspname, c.relname, c.relkind FROM unnest($1, $2) AS w (nsp, name)
                JOIN pg_catalog.pg_namespace n ON n.nspname = w.nsp
                JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
            )
            SELECT DISTINCT ON (n.nspname, c.relname) t.nspname, t.relname, n.nspname, c.relname
            FROM chosen t, pg_catalog.pg_partition_tree(t.oid) p
            JOIN pg_catalog.pg_class c ON c.oid = p.relid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE t.relkind = 'p' AND c.oid NOT IN (SELECT oid FROM chosen)
            ORDER BY n.nspname, c.relname, p.level
            """;
        return await session.QueryAsync(
            Sql,
            row => (new QualifiedName(row.GetString(0), row.GetString(1)), new QualifiedName(row.GetString(2), row.GetString(3))),
            Names(tables),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What depends on a relation or its row type, in the server's words; a few at the most.</summary>
    public static async Task<IReadOnlyList<string>> FindDependentsAsync(
        TargetSession session, QualifiedName relation, CancellationToken cancellationToken)
    {
        const string Sql =
            """
            SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, 0)
            FROM unnest($1, $2) AS w (nsp, name)
            JOIN pg_catalog.pg_namespace n ON n.nspname = w.nsp
            JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
            JOIN pg_catalog.pg_depend d ON (d.refclassid = 1259 AND d.refobjid = c.oid) OR (d.refclassid = 1247 AND d.refobjid = c.reltype)
            WHERE d.deptype = 'n' AND d.objid <> c.oid
            ORDER BY 1 LIMIT 5
            """;
        return await session.QueryAsync(Sql, row => row.GetString(0), Names([relation]), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The policies and the triggers that are not the server's own, of the tables of a schema, by kind, table and name.</summary>
    public static async Task<IReadOnlyList<(string Kind, string Table, string Name)>> ReadPoliciesAndTriggersAsync(
        TargetSession session, string schema, CancellationToken cancellationToken)
    {
        const string Sql =
            """
            WITH tables AS (
                SELECT c.oid, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = ANY ($1)
            )
            SELECT 'POLICY', t.relname, p.polname FROM pg_catalog.pg_policy p JOIN tables t ON t.oid = p.polrelid
            UNION ALL
            SELECT 'TRIGGER', t.relname, g.tgname FROM pg_catalog.pg_trigger g JOIN tables t ON t.oid = g.tgrelid WHERE NOT g.tgisinternal
            """;
        return await session.QueryAsync(
            Sql,
            row => (row.GetString(0), row.GetString(1), row.GetString(2)),
            [new[] { schema }],
            cancellationToken).ConfigureAwait(false);
    }

    private static Array[] Names(IReadOnlyCollection<QualifiedName> tables) =>
        [tables.Select(table => table.Schema).ToArray(), tables.Select(table => table.Name).ToArray()];
}
