using Npgsql;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads ordinary, partitioned and foreign tables; partitions are made on their own and attached later.</summary>
internal sealed class TablesReader : ObjectKindReader
{
    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var tables = await context.QueryAsync(
            $"""
            SELECT c.oid, c.relnamespace, c.relname, c.relowner, c.relkind, c.relispartition, c.relpersistence,
                CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END,
                CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END,
                c.reloptions, tc.reloptions, am.amname, ts.spcname, c.relreplident, c.relforcerowsecurity,
                c.relacl::text[], acldefault('r', c.relowner)::text[],
                fs.srvname, ft.ftoptions
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_catalog.pg_class tc ON tc.oid = c.reltoastrelid
            LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam AND am.amname <> 'heap'
            LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace
            LEFT JOIN pg_catalog.pg_foreign_table ft ON ft.ftrelid = c.oid
            LEFT JOIN pg_catalog.pg_foreign_server fs ON fs.oid = ft.ftserver
            WHERE c.relkind IN ('r', 'p', 'f') AND {ReadContext.UserSchema}
            ORDER BY n.nspname, c.relname
            """,
            row => (Table: Map(row, context, catalog), Acl: row.Texts(15), Default: row.Texts(16) ?? []),
            cancellationToken).ConfigureAwait(false);
        foreach (var (table, acl, standard) in tables)
        {
            catalog.Tables.Add(table.Oid, table);
            catalog.Add(ToObject(table, acl, standard, catalog));
        }

        await ReadParentsAsync(context, catalog, cancellationToken).ConfigureAwait(false);
    }

    private static TableDefinition Map(NpgsqlDataReader row, ReadContext context, SchemaCatalog catalog)
    {
        string[] options = [RelationOptions.Format(row.Texts(9)), RelationOptions.Format(row.Texts(10), "toast.")];
        return new TableDefinition
        {
            Oid = row.Oid(0),
            Address = new ObjectAddress(SystemCatalog.Relation, row.Oid(0)),
            Name = new QualifiedName(context.SchemaName(row.Oid(1)), row.GetString(2)),
            Owner = context.RoleName(row.Oid(3)),
            RelationKind = row.Char(4),
            IsPartition = row.GetBoolean(5),
            IsUnlogged = row.Char(6) == 'u',
            OfType = row.Text(7),
            PartitionKey = row.Text(8),
            Options = string.Join(", ", options.Where(text => text.Length > 0)),
            AccessMethod = row.Text(11),
            Tablespace = row.Text(12),
            Server = row.Text(17) is { } server ? $"SERVER {SqlText.Identifier(server)}{ForeignOptions.Clause(row.Texts(18))}" : null,
            ReplicaIdentity = row.Char(13),
            ForcesRowSecurity = row.GetBoolean(14),
            Columns = [.. catalog.Columns.Of(row.Oid(0))],
            NotNulls = context.Major < 18 ? null : [],
        };
    }

    private static SchemaObject ToObject(TableDefinition table, IReadOnlyList<string>? acl, IReadOnlyList<string> standard, SchemaCatalog catalog)
    {
        var qualified = table.Name.ToSql();
        var kind = table.Server is null ? ObjectKinds.Table : ObjectKinds.ForeignTable;
        return new SchemaObject
        {
            Address = table.Address,
            Kind = kind,
            Schema = table.Name.Schema,
            Name = table.Name.Name,
            Table = table.Name.Name,
            Create = () => TableScript.Create(table),
            Drop = ObjectText.By(static item => $"DROP {item.Kind.Name} IF EXISTS {item.ToSql()};\n"),
            Identity = ObjectText.By(static item => $"{item.Kind.Name} {item.ToSql()}"),
            Owner = table.Owner,
            Variants = () => TableVersions.VariantsOf(table),
            Requires = () => TableVersions.RequirementsOf(table),
            Parts = catalog.Columns.PartsOf(table.Oid, qualified),
            Acls = RelationAcls.Of(catalog, table.Oid, table.Name, table.Owner, acl, standard),
        };
    }

    private static async Task ReadParentsAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var edges = await context.QueryAsync(
            "SELECT inhrelid, inhparent FROM pg_catalog.pg_inherits ORDER BY inhrelid, inhseqno",
            row => (Child: row.Oid(0), Parent: row.Oid(1)),
            cancellationToken).ConfigureAwait(false);
        foreach (var (child, parent) in edges)
        {
            // Indexes of partitioned tables inherit too, and are no tables.
            if (catalog.Tables.TryGetValue(child, out var table) && catalog.Tables.TryGetValue(parent, out var above))
            {
                table.Parents.Add(above);
            }
        }
    }
}
