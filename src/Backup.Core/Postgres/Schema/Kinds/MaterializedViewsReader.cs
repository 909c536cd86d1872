using System.Text;
using Npgsql;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads materialized views; those that hold rows are refreshed at the end of the restore, each after those it reads.</summary>
internal sealed class MaterializedViewsReader : ObjectKindReader
{
    private const string Query =
        $"""
        SELECT c.oid, c.relnamespace, c.relname, c.relowner, c.reloptions, tc.reloptions, am.amname, ts.spcname,
            c.relispopulated, c.relreplident, CASE WHEN e.objid IS NULL THEN pg_catalog.pg_get_viewdef(c.oid) ELSE '' END,
            c.relacl::text[], pg_catalog.acldefault('r', c.relowner)::text[]
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_class tc ON tc.oid = c.reltoastrelid
        LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam AND am.amname <> 'heap'
        LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace
        LEFT JOIN pg_catalog.pg_depend e ON e.classid = 1259 AND e.objid = c.oid AND e.objsubid = 0 AND e.deptype = 'e'
        WHERE c.relkind = 'm' AND {ReadContext.UserSchema}
        """;

    // Which materialized views each one reads, directly or through views and functions with parsed bodies.
    private const string SourcesQuery =
        """
        WITH RECURSIVE reach(reader, classid, objid) AS (
            SELECT c.oid, 2618::oid, r.oid
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid
            WHERE c.relkind = 'm'
            UNION
            SELECT reach.reader, next.classid, next.objid
            FROM reach
            JOIN pg_catalog.pg_depend d ON d.classid = reach.classid AND d.objid = reach.objid
            CROSS JOIN LATERAL (
                SELECT 1255::oid, d.refobjid WHERE d.refclassid = 1255 AND d.refobjid >= 16384
                UNION ALL
                SELECT 2618::oid, r.oid FROM pg_catalog.pg_rewrite r
                WHERE d.refclassid = 1259 AND r.ev_class = d.refobjid AND r.rulename = '_RETURN') next(classid, objid)
        )
        SELECT DISTINCT reach.reader, c.oid
        FROM reach
        JOIN pg_catalog.pg_rewrite r ON reach.classid = 2618 AND r.oid = reach.objid
        JOIN pg_catalog.pg_class c ON c.oid = r.ev_class AND c.relkind = 'm' AND c.oid <> reach.reader
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var views = await context.QueryAsync(Query, row => Map(context, row), cancellationToken).ConfigureAwait(false);
        var sources = views.Count == 0
            ? Enumerable.Empty<(uint Reader, uint Source)>().ToLookup(pair => pair.Reader, pair => pair.Source)
            : (await context.QueryAsync(SourcesQuery, row => (Reader: row.Oid(0), Source: row.Oid(1)), cancellationToken)
                .ConfigureAwait(false)).ToLookup(pair => pair.Reader, pair => pair.Source);
        var empty = views.Where(view => !view.IsPopulated).Select(view => view.Oid).ToHashSet();
        foreach (var view in views)
        {
            catalog.Add(ToObject(catalog, view));

            // One that reads an empty one cannot be refreshed, whatever it held in the source.
            if (view.IsPopulated && !sources[view.Oid].Any(empty.Contains))
            {
                catalog.Add(RefreshOf(view, sources[view.Oid]));
            }
        }
    }

    private static MaterializedView Map(ReadContext context, NpgsqlDataReader row)
    {
        string[] options = [RelationOptions.Format(row.Texts(4)), RelationOptions.Format(row.Texts(5), "toast.")];
        return new MaterializedView(
            row.Oid(0),
            new QualifiedName(context.SchemaName(row.Oid(1)), row.GetString(2)),
            context.RoleName(row.Oid(3)),
            string.Join(", ", options.Where(text => text.Length > 0)),
            row.Text(6),
            row.Text(7),
            row.GetBoolean(8),
            row.Char(9),
            row.GetString(10),
            row.Texts(11),
            row.Texts(12) ?? []);
    }

    private static SchemaObject ToObject(SchemaCatalog catalog, MaterializedView view)
    {
        var sql = view.Name.ToSql();
        return new SchemaObject
        {
            Address = view.Address,
            Kind = ObjectKinds.MaterializedView,
            Schema = view.Name.Schema,
            Name = view.Name.Name,
            Table = view.Name.Name,
            Create = () => Create(view, catalog.Columns.Of(view.Oid)),
            Drop = $"DROP MATERIALIZED VIEW IF EXISTS {sql};\n",
            Identity = $"MATERIALIZED VIEW {sql}",
            Owner = view.Owner,
            Parts = catalog.Columns.PartsOf(view.Oid, sql),
            Acls = RelationAcls.Of(catalog, view.Oid, view.Name, view.Owner, view.Acl, view.DefaultAcl),
            Requires = () => [.. RelationOptions.RequirementsOf(view.Options)],
        };
    }

    private static SchemaObject RefreshOf(MaterializedView view, IEnumerable<uint> sources) => new()
    {
        Address = ObjectAddress.DataOf(view.Oid),
        Kind = ObjectKinds.MaterializedViewData,
        Schema = view.Name.Schema,
        Name = view.Name.Name,
        Table = view.Name.Name,
        BelongsTo = view.Address,
        DependsOn = [view.Address, .. sources.Select(ObjectAddress.DataOf)],
        Create = () => $"REFRESH MATERIALIZED VIEW {view.Name.ToSql()};\n",
    };

    private static string Create(MaterializedView view, IEnumerable<ColumnDefinition> columns)
    {
        var sql = view.Name.ToSql();
        var text = new StringBuilder($"CREATE MATERIALIZED VIEW {sql}");
        Append(" USING ", view.AccessMethod is null ? "" : SqlText.Identifier(view.AccessMethod), "");
        Append(" WITH (", view.Options, ")");
        Append(" TABLESPACE ", view.Tablespace is null ? "" : SqlText.Identifier(view.Tablespace), "");
        text.Append($" AS\n{view.Query.TrimEnd().TrimEnd(';')}\n  WITH NO DATA;\n");
        foreach (var column in columns)
        {
            text.Append(ColumnSettings.Of(
                sql, column, column.Storage != column.TypeStorage, column.Compression != '\0'));
        }

        if (view.ReplicaIdentity is 'n' or 'f')
        {
            text.Append($"ALTER TABLE ONLY {sql} REPLICA IDENTITY {(view.ReplicaIdentity == 'n' ? "NOTHING" : "FULL")};\n");
        }

        return text.ToString();

        void Append(string before, string words, string after)
        {
            if (words.Length > 0)
            {
                text.Append(before).Append(words).Append(after);
            }
        }
    }

    private sealed record MaterializedView(
        uint Oid,
        QualifiedName Name,
        string Owner,
        string Options,
        string? AccessMethod,
        string? Tablespace,
        bool IsPopulated,
        char ReplicaIdentity,
        string Query,
        string[]? Acl,
        string[] DefaultAcl)
    {
        public ObjectAddress Address => new(SystemCatalog.Relation, Oid);
    }
}
