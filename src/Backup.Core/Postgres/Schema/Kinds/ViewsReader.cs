using Npgsql;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads views.</summary>
/// <remarks>
/// A view's query is a part of its own: where it takes part in a cycle, or needs a primary key that is made after the
/// rows, the view first gets columns of the right types only and its query later.
/// </remarks>
internal sealed class ViewsReader : ObjectKindReader
{
    private const string Query =
        $"""
        SELECT c.oid, c.relnamespace, c.relname, c.relowner, c.reloptions, r.oid,
            CASE WHEN e.objid IS NULL THEN pg_catalog.pg_get_viewdef(c.oid) ELSE '' END,
            c.relacl::text[], pg_catalog.acldefault('r', c.relowner)::text[]
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
        LEFT JOIN pg_catalog.pg_depend e ON e.classid = 1259 AND e.objid = c.oid AND e.objsubid = 0 AND e.deptype = 'e'
        WHERE c.relkind = 'v' AND {ReadContext.UserSchema}
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var views = await context.QueryAsync(Query, row => Map(context, row), cancellationToken).ConfigureAwait(false);
        foreach (var view in views)
        {
            Add(catalog, view);
        }
    }

    private static View Map(ReadContext context, NpgsqlDataReader row) => new(
        row.Oid(0),
        new QualifiedName(context.SchemaName(row.Oid(1)), row.GetString(2)),
        context.RoleName(row.Oid(3)),
        RelationOptions.Format(row.Texts(4)),
        row.Oid(5),
        row.GetString(6),
        row.Texts(7),
        row.Texts(8) ?? []);

    private static void Add(SchemaCatalog catalog, View view)
    {
        var sql = view.Name.ToSql();
        SchemaObject? query = null;
        var container = new SchemaObject
        {
            Address = new ObjectAddress(SystemCatalog.Relation, view.Oid),
            Kind = ObjectKinds.View,
            Schema = view.Name.Schema,
            Name = view.Name.Name,
            Table = view.Name.Name,
            Create = () => query!.IsSeparate ? Placeholder(view, catalog.Columns.Of(view.Oid)) : $"CREATE {Definition(view)}",
            Drop = $"DROP VIEW IF EXISTS {sql};\n",
            Identity = $"VIEW {sql}",
            Owner = view.Owner,
            Parts = catalog.Columns.PartsOf(view.Oid, sql),
            Acls = RelationAcls.Of(catalog, view.Oid, view.Name, view.Owner, view.Acl, view.DefaultAcl),
            Requires = () => view.Options.Contains("security_invoker=", StringComparison.Ordinal)
                ? [VersionRequirement.From(15, "a view with security_invoker")]
                : [],
        };
        query = new SchemaObject
        {
            Address = new ObjectAddress(SystemCatalog.Rule, view.Rule),
            Kind = ObjectKinds.ViewRule,
            Schema = view.Name.Schema,
            Name = view.Name.Name,
            Table = view.Name.Name,
            Container = container,
            Create = () => $"CREATE OR REPLACE {Definition(view)}",
        };
        catalog.Add(container);
        catalog.Add(query);
    }

    private static string Definition(View view)
    {
        var options = view.Options.Length > 0 ? $" WITH ({view.Options})" : "";
        return $"VIEW {view.Name.ToSql()}{options} AS\n{view.Query}\n";
    }

    private static string Placeholder(View view, IEnumerable<ColumnDefinition> columns)
    {
        var list = string.Join(",", columns.Select(column =>
            $"\n    NULL::{column.Type}{(column.Collation is null ? "" : $" COLLATE {column.Collation}")} AS {SqlText.Identifier(column.Name)}"));
        return $"CREATE VIEW {view.Name.ToSql()} AS\nSELECT{list};\n";
    }

    private sealed record View(
        uint Oid, QualifiedName Name, string Owner, string Options, uint Rule, string Query, string[]? Acl, string[] DefaultAcl);
}
