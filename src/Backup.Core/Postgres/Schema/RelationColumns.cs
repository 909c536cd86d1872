namespace Backup.Core.Postgres.Schema;

/// <summary>The columns of every relation that has some of its own: tables, views, materialized views, foreign tables, composite types.</summary>
internal sealed class RelationColumns
{
    private readonly ILookup<uint, ColumnDefinition> _columns;

    /// <summary>Keeps the columns by relation.</summary>
    public RelationColumns(IReadOnlyCollection<ColumnDefinition> columns)
    {
        Count = columns.Count;
        _columns = columns.ToLookup(column => column.Relation);
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The columns of a relation by number.</summary>
    public IEnumerable<ColumnDefinition> Of(uint relation) => _columns[relation];

    /// <summary>Reads them all.</summary>
    public static async Task<RelationColumns> ReadAsync(ReadContext context, CancellationToken cancellationToken) =>
        new(await context.QueryAsync(
            $"""
            SELECT a.attrelid, a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
                CASE WHEN a.attcollation <> t.typcollation THEN quote_ident(cn.nspname) || '.' || quote_ident(co.collname) END,
                a.attnotnull, a.attislocal, a.attidentity, a.attgenerated, coalesce(a.attstattarget::int4, -1),
                a.attstorage, t.typstorage, a.attcompression,
                array_to_string(a.attoptions, ', '), a.attacl::text[], a.attfdwoptions
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
            JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
            LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped AND {ReadContext.UserSchema}
            ORDER BY a.attrelid, a.attnum
            """,
            row => new ColumnDefinition
            {
                Relation = row.Oid(0),
                Number = row.GetInt16(1),
                Name = context.Same(row.GetString(2)),
                Type = context.Same(row.GetString(3)),
                Collation = row.Text(4),
                IsNotNull = row.GetBoolean(5),
                IsLocal = row.GetBoolean(6),
                Identity = row.Char(7),
                Generated = row.Char(8),
                StatisticsTarget = row.GetInt32(9),
                Storage = row.Char(10),
                TypeStorage = row.Char(11),
                Compression = row.Char(12),
                Options = row.Text(13),
                Acl = row.Texts(14),
                ForeignOptions = row.Texts(15),
            },
            cancellationToken).ConfigureAwait(false));

    /// <summary>The columns as parts that carry comments and labels.</summary>
    /// <param name="relation">The relation's oid.</param>
    /// <param name="qualified">Its qualified name as SQL.</param>
    public IEnumerable<ObjectPart> PartsOf(uint relation, string qualified) =>
        _columns[relation].Select(column =>
            new ObjectPart(column.Number, $"COLUMN {qualified}.{SqlText.Identifier(column.Name)}"));

    /// <summary>The privileges of a relation's columns, to follow those of the relation.</summary>
    /// <param name="relation">The relation's oid.</param>
    /// <param name="qualified">Its qualified name as SQL.</param>
    /// <param name="owner">Its owner's true name.</param>
    /// <param name="initial">The initial privileges by address, of which columns of extensions' tables may have some.</param>
    public IEnumerable<ObjectAcl> AclsOf(
        uint relation, string qualified, string owner, IReadOnlyDictionary<ObjectAddress, string[]> initial) =>
        from column in _columns[relation]
        where column.Acl is not null || initial.ContainsKey(new ObjectAddress(SystemCatalog.Relation, relation, column.Number))
        select new ObjectAcl
        {
            Type = AclObjectType.Column,
            Target = $"TABLE {qualified}",
            Owner = owner,
            Items = column.Acl,
            Default = [],
            Column = column.Name,
            SubId = column.Number,
        };
}
