namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads operator families, their loose members and the operator classes inside them.</summary>
internal sealed class OperatorClassesReader : ObjectKindReader
{
    private const string FamilyQuery =
        $"""
        SELECT f.oid, f.opfnamespace, f.opfname, f.opfowner, a.amname
        FROM pg_catalog.pg_opfamily f
        JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace
        JOIN pg_catalog.pg_am a ON a.oid = f.opfmethod
        WHERE {ReadContext.UserSchema}
        """;

    private const string ClassQuery =
        $"""
        SELECT c.oid, c.opcnamespace, c.opcname, c.opcowner, a.amname, f.opfnamespace, f.opfname, c.opcdefault,
            pg_catalog.format_type(c.opcintype, NULL),
            CASE WHEN c.opckeytype <> 0 THEN pg_catalog.format_type(c.opckeytype, NULL) END
        FROM pg_catalog.pg_opclass c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.opcnamespace
        JOIN pg_catalog.pg_am a ON a.oid = c.opcmethod
        JOIN pg_catalog.pg_opfamily f ON f.oid = c.opcfamily
        WHERE {ReadContext.UserSchema}
        """;

    // What a member is part of: a class, or loosely the family alone, stands in pg_depend only.
    private const string MemberQuery =
        """
        SELECT d.refclassid, d.refobjid, m.words
        FROM (
            SELECT 2602::oid, o.oid, 1, o.amopstrategy, 'OPERATOR ' || o.amopstrategy || ' ' || o.amopopr::regoperator::text
                || CASE WHEN o.amopsortfamily = 0 THEN '' ELSE (
                    SELECT ' FOR ORDER BY ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(f.opfname)
                    FROM pg_catalog.pg_opfamily f JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace
                    WHERE f.oid = o.amopsortfamily) END
            FROM pg_catalog.pg_amop o
            WHERE o.oid >= 16384
            UNION ALL
            SELECT 2603, p.oid, 2, p.amprocnum, 'FUNCTION ' || p.amprocnum || ' (' || pg_catalog.format_type(p.amproclefttype, NULL)
                || ', ' || pg_catalog.format_type(p.amprocrighttype, NULL) || ') ' || p.amproc::regprocedure::text
            FROM pg_catalog.pg_amproc p
            WHERE p.oid >= 16384
        ) m(class, id, rank, number, words)
        JOIN pg_catalog.pg_depend d ON d.classid = m.class AND d.objid = m.id AND d.refclassid IN (2616, 2753) AND d.deptype IN ('i', 'a')
        ORDER BY m.rank, m.number, m.words
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var members = (await context.QueryAsync(
            MemberQuery,
            row => (Container: new ObjectAddress(row.Oid(0), row.Oid(1)), Words: row.GetString(2)),
            cancellationToken).ConfigureAwait(false)).ToLookup(member => member.Container, member => member.Words);
        var families = await context.QueryAsync(
            FamilyQuery,
            row => (
                Address: new ObjectAddress(SystemCatalog.OperatorFamily, row.Oid(0)),
                Name: new QualifiedName(context.SchemaName(row.Oid(1)), row.GetString(2)),
                Owner: context.RoleName(row.Oid(3)),
                Method: SqlText.Identifier(row.GetString(4))),
            cancellationToken).ConfigureAwait(false);
        foreach (var (address, name, owner, method) in families)
        {
            var identity = $"{name.ToSql()} USING {method}";
            var loose = members[address].ToList();
            var add = loose.Count == 0 ? "" : $"ALTER OPERATOR FAMILY {identity} ADD\n    {string.Join(",\n    ", loose)};\n";
            catalog.Add(ToObject(address, ObjectKinds.OperatorFamily, name, owner, method, $"CREATE OPERATOR FAMILY {identity};\n{add}"));
        }

        await ReadClassesAsync(context, catalog, members, cancellationToken).ConfigureAwait(false);
    }

    private static async Task ReadClassesAsync(
        ReadContext context, SchemaCatalog catalog, ILookup<ObjectAddress, string> members, CancellationToken cancellationToken)
    {
        var classes = await context.QueryAsync(
            ClassQuery,
            row => (
                Address: new ObjectAddress(SystemCatalog.OperatorClass, row.Oid(0)),
                Name: new QualifiedName(context.SchemaName(row.Oid(1)), row.GetString(2)),
                Owner: context.RoleName(row.Oid(3)),
                Method: SqlText.Identifier(row.GetString(4)),
                Family: context.Qualified(row.Oid(5), row.GetString(6)),
                Default: row.GetBoolean(7) ? " DEFAULT" : "",
                Type: row.GetString(8),
                Storage: row.Text(9)),
            cancellationToken).ConfigureAwait(false);
        foreach (var item in classes)
        {
            // The list may not be empty, and storing the type itself is what a class does anyway.
            List<string> parts = item.Storage is null ? [] : [$"STORAGE {item.Storage}"];
            parts.AddRange(members[item.Address]);
            var list = parts.Count == 0 ? $"STORAGE {item.Type}" : string.Join(",\n    ", parts);
            var create = $"CREATE OPERATOR CLASS {item.Name.ToSql()}{item.Default} FOR TYPE {item.Type} USING {item.Method}"
                + $" FAMILY {item.Family} AS\n    {list};\n";
            catalog.Add(ToObject(item.Address, ObjectKinds.OperatorClass, item.Name, item.Owner, item.Method, create));
        }
    }

    private static SchemaObject ToObject(
        ObjectAddress address, ObjectKind kind, QualifiedName name, string owner, string method, string create)
    {
        var identity = $"{name.ToSql()} USING {method}";
        return new SchemaObject
        {
            Address = address,
            Kind = kind,
            Schema = name.Schema,
            Name = name.Name,
            SortText = method,
            Create = () => create,
            Drop = $"DROP {kind.Name} IF EXISTS {identity};\n",
            Identity = $"{kind.Name} {identity}",
            Owner = owner,
        };
    }
}
