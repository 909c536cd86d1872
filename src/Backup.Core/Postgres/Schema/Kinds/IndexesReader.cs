using Npgsql;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>
/// Reads indexes. One that serves a constraint is made by it, and stays here for its comment and for what depends on it.
/// Those of partitioned tables are made on the parent alone and their parts attached, so that each keeps its name.
/// </summary>
internal sealed class IndexesReader : ObjectKindReader
{
    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var indexes = await context.QueryAsync(
            $"""
            SELECT i.indexrelid, i.indrelid, c.relnamespace, c.relname,
                CASE WHEN con.oid IS NULL THEN pg_catalog.pg_get_indexdef(i.indexrelid) ELSE '' END,
                i.indisclustered, i.indisreplident, c.reloptions, ts.spcname, coalesce(inh.inhparent, 0), coalesce(con.oid, 0),
                st.columns, st.targets
            FROM pg_catalog.pg_index i
            JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
            JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
            LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace
            LEFT JOIN pg_catalog.pg_inherits inh ON inh.inhrelid = i.indexrelid
            LEFT JOIN pg_catalog.pg_constraint con
                ON con.conrelid = i.indrelid AND con.conindid = i.indexrelid AND con.contype IN ('p', 'u', 'x')
            LEFT JOIN (
                SELECT a.attrelid, array_agg(a.attnum ORDER BY a.attnum) AS columns,
                    array_agg(a.attstattarget::int4 ORDER BY a.attnum) AS targets
                FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_index ai ON ai.indexrelid = a.attrelid
                WHERE a.attstattarget >= 0 GROUP BY a.attrelid) st ON st.attrelid = i.indexrelid
            WHERE t.relkind IN ('r', 'p', 'm') AND (i.indisvalid OR t.relkind = 'p') AND i.indisready AND {ReadContext.UserSchema}
            ORDER BY n.nspname, t.relname, c.relname
            """,
            row => Map(row, context),
            cancellationToken).ConfigureAwait(false);
        foreach (var index in indexes)
        {
            if (catalog.Find(new ObjectAddress(SystemCatalog.Relation, index.Relation)) is { } relation)
            {
                catalog.Indexes.Add(index.Oid, index);
                catalog.Add(ToObject(index, relation, catalog));
            }
        }

        foreach (var index in catalog.Indexes.Values)
        {
            if (catalog.Indexes.TryGetValue(index.Parent, out var parent)
                && catalog.Find(new ObjectAddress(SystemCatalog.Relation, parent.Relation)) is { } relation
                && catalog.IsDefined(relation))
            {
                catalog.Add(Attachment(index, parent, catalog));
            }
        }
    }

    private static IndexDefinition Map(NpgsqlDataReader row, ReadContext context) => new()
    {
        Oid = row.Oid(0),
        Relation = row.Oid(1),
        Name = new QualifiedName(context.SchemaName(row.Oid(2)), row.GetString(3)),
        Definition = row.GetString(4),
        IsClustered = row.GetBoolean(5),
        IsReplicaIdentity = row.GetBoolean(6),
        Options = RelationOptions.Format(row.Texts(7)),
        Tablespace = row.Text(8),
        Parent = row.Oid(9),
        Constraint = row.Oid(10),
        StatisticsColumns = row.IsDBNull(11) ? [] : row.GetFieldValue<short[]>(11),
        StatisticsTargets = row.IsDBNull(12) ? [] : row.GetFieldValue<int[]>(12),
    };

    private static SchemaObject ToObject(IndexDefinition index, SchemaObject relation, SchemaCatalog catalog)
    {
        var qualified = index.Name.ToSql();
        var constraint = index.Constraint == 0 ? null : catalog.Find(new ObjectAddress(SystemCatalog.Constraint, index.Constraint));
        return new SchemaObject
        {
            Address = new ObjectAddress(SystemCatalog.Relation, index.Oid),
            Kind = constraint is null ? ObjectKinds.Index : ObjectKinds.ConstraintIndex,
            Schema = index.Name.Schema,
            Name = index.Name.Name,
            Table = relation.Name,
            BelongsTo = relation.Address,
            Container = constraint,
            Create = () => IndexScript.Create(index, new QualifiedName(relation.Schema!, relation.Name).ToSql()),
            Drop = $"DROP INDEX IF EXISTS {qualified};\n",
            Identity = $"INDEX {qualified}",
        };
    }

    private static SchemaObject Attachment(IndexDefinition index, IndexDefinition parent, SchemaCatalog catalog)
    {
        var relation = catalog.Find(new ObjectAddress(SystemCatalog.Relation, index.Relation))!;
        return new SchemaObject
        {
            Address = ObjectAddress.Of(DerivedStep.Attachment, index.Oid),
            Kind = ObjectKinds.IndexAttachment,
            Schema = index.Name.Schema,
            Name = index.Name.Name,
            Table = relation.Name,
            BelongsTo = relation.Address,
            DependsOn = [new(SystemCatalog.Relation, index.Oid), new(SystemCatalog.Relation, parent.Oid)],
            Create = () => $"ALTER INDEX {parent.Name.ToSql()} ATTACH PARTITION {index.Name.ToSql()};\n",
        };
    }
}
