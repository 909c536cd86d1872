namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads the relations of <c>pg_catalog</c> whose privileges were changed: they come with the server, their privileges do not.</summary>
/// <remarks>As in pg_dump, those of <c>information_schema</c> are left out: no server records what they were.</remarks>
internal sealed class SystemRelationAclsReader : ObjectKindReader
{
    private const string RelationQuery =
        """
        SELECT c.oid, c.relkind, c.relname, c.relowner, c.relacl::text[], pg_catalog.acldefault('r', c.relowner)::text[]
        FROM pg_catalog.pg_class c
        LEFT JOIN pg_catalog.pg_init_privs i ON i.classoid = 1259 AND i.objoid = c.oid AND i.objsubid = 0
        WHERE c.oid < 16384 AND c.relnamespace = 11 AND c.relkind IN ('r', 'v')
            AND (c.relacl IS DISTINCT FROM i.initprivs OR EXISTS (
                SELECT FROM pg_catalog.pg_attribute a
                LEFT JOIN pg_catalog.pg_init_privs i ON i.classoid = 1259 AND i.objoid = c.oid AND i.objsubid = a.attnum
                WHERE a.attrelid = c.oid AND a.attacl IS DISTINCT FROM i.initprivs))
        """;

    private const string ColumnQuery =
        """
        SELECT a.attrelid, a.attnum::int4, a.attname, a.attacl::text[]
        FROM pg_catalog.pg_attribute a
        JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_catalog.pg_init_privs i ON i.classoid = 1259 AND i.objoid = c.oid AND i.objsubid = a.attnum
        WHERE c.oid < 16384 AND c.relnamespace = 11 AND c.relkind IN ('r', 'v') AND a.attacl IS DISTINCT FROM i.initprivs
        ORDER BY a.attrelid, a.attnum
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var columns = (await context.QueryAsync(
            ColumnQuery,
            row => (Relation: row.Oid(0), Number: row.GetInt32(1), Name: row.GetString(2), Acl: row.Texts(3)),
            cancellationToken).ConfigureAwait(false)).ToLookup(column => column.Relation);
        var relations = await context.QueryAsync(
            RelationQuery,
            row => (
                Oid: row.Oid(0),
                IsView: row.Char(1) == 'v',
                Name: row.GetString(2),
                Owner: context.RoleName(row.Oid(3)),
                Acl: row.Texts(4),
                Default: row.Texts(5) ?? []),
            cancellationToken).ConfigureAwait(false);
        foreach (var relation in relations)
        {
            var target = $"TABLE pg_catalog.{SqlText.Identifier(relation.Name)}";
            catalog.Add(new SchemaObject
            {
                Address = new ObjectAddress(SystemCatalog.Relation, relation.Oid),
                Kind = relation.IsView ? ObjectKinds.View : ObjectKinds.Table,
                Schema = "pg_catalog",
                Name = relation.Name,
                Table = relation.Name,
                Create = () => "",
                Acls =
                [
                    new ObjectAcl
                    {
                        Type = AclObjectType.Table,
                        Target = target,
                        Owner = relation.Owner,
                        Items = relation.Acl,
                        Default = relation.Default,
                    },
                    .. columns[relation.Oid].Select(column => new ObjectAcl
                    {
                        Type = AclObjectType.Column,
                        Target = target,
                        Owner = relation.Owner,
                        Items = column.Acl,
                        Default = [],
                        Column = column.Name,
                        SubId = column.Number,
                    }),
                ],
            });
        }
    }
}
