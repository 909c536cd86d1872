namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads the rewrite rules of tables and views; a view's own query (<c>_RETURN</c>) is the view's.</summary>
internal sealed class RulesReader : ObjectKindReader
{
    private const string Query =
        """
        SELECT r.oid, r.rulename, r.ev_class, c.relnamespace, c.relname, r.ev_enabled, pg_catalog.pg_get_ruledef(r.oid)
        FROM pg_catalog.pg_rewrite r
        JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
        WHERE r.rulename <> '_RETURN' AND r.oid >= 16384
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var rules = await context.QueryAsync(
            Query,
            row => new Rule(
                row.Oid(0),
                row.GetString(1),
                row.Oid(2),
                new QualifiedName(context.SchemaName(row.Oid(3)), row.GetString(4)),
                row.Char(5),
                row.GetString(6)),
            cancellationToken).ConfigureAwait(false);
        foreach (var rule in rules)
        {
            catalog.Add(ToObject(rule));
        }
    }

    private static SchemaObject ToObject(Rule rule)
    {
        var name = SqlText.Identifier(rule.Name);
        var table = rule.Table.ToSql();
        var state = FiringState.Words(rule.Enabled) is { } words ? $"ALTER TABLE {table} {words} RULE {name};\n" : "";
        return new SchemaObject
        {
            Address = new ObjectAddress(SystemCatalog.Rule, rule.Oid),
            Kind = ObjectKinds.Rule,
            Schema = rule.Table.Schema,
            Name = rule.Name,
            Table = rule.Table.Name,
            BelongsTo = new ObjectAddress(SystemCatalog.Relation, rule.Relation),
            Create = () => $"{rule.Definition}\n{state}",
            Drop = $"DROP RULE IF EXISTS {name} ON {table};\n",
            Identity = $"RULE {name} ON {table}",
        };
    }

    private sealed record Rule(uint Oid, string Name, uint Relation, QualifiedName Table, char Enabled, string Definition);
}
