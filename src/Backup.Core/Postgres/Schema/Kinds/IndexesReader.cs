using Npgsql;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>
/// Reads indexes. One that serves a constraint is made by it, and is an object only for its comment.
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
                CASE WHEN i.indexprs IS NOT NULL THEN ARRAY(
                    SELECT a.attnum FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = i.indexrelid AND a.attnum > 0 AND a.attstattarget >= 0 ORDER BY a.attnum) END,
                CASE WHEN i.indexprs IS NOT NULL THEN ARRAY(
                    SELECT a.attstattarget::int4 FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = i.indexrelid AND a.attnum > 0 AND a.attstattarget >= 0 ORDER BY a.attnum) END,
                coalesce({ConstraintsReader.HasOperators(context.Major)}, false)
            FROM pg_catalog.pg_index i
            JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
            JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
            LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace
            LEFT JOIN pg_catalog.pg_inherits inh ON inh.inhrelid = i.indexrelid
            LEFT JOIN pg_catalog.pg_constraint con
                ON con.conrelid = i.indrelid AND con.conindid = i.indexrelid AND con.contype IN ('p', 'u', 'x')
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

                // What depends on an index is found to need its constraint, but for a partition's, which would be found to need the parent's.
                if (index.Constraint == 0 || index.Parent != 0 || !catalog.Shared.IsPlain(new ObjectAddress(SystemCatalog.Relation, index.Oid)))
                {
                    catalog.Add(ToObject(index, relation, catalog));
                }
            }
        }

        foreach (var index in catalog.Indexes.Values)
        {
            if (!index.HasOperators
                && catalog.Indexes.TryGetValue(index.Parent, out var parent)
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
        HasOperators = row.GetBoolean(13),
    };

    private static SchemaObject ToObject(IndexDefinition index, SchemaObject relation, SchemaCatalog catalog)
    {
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
            Drop = ObjectText.By(static item => $"DROP INDEX IF EXISTS {item.ToSql()};\n"),
            Identity = ObjectText.By(static item => $"INDEX {item.ToSql()}"),
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
