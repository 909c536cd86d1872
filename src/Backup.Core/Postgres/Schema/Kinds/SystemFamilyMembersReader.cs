namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads what was added to operator families that came with the server.</summary>
/// <remarks>
/// The catalogs record no dependency on what came with the server, so that a member is loose shows only by the class that it does not
/// belong to, and that an extension added it by its operator or function being the extension's.
/// </remarks>
internal sealed class SystemFamilyMembersReader : ObjectKindReader
{
    private const string Query =
        """
        SELECT f.oid, f.opfname, a.amname, m.words, m.needed, m.id
        FROM (
            SELECT 2602::oid, o.oid, o.amopfamily, 1, o.amopstrategy, 2617::oid, o.amopopr,
                'OPERATOR ' || o.amopstrategy || ' ' || o.amopopr::regoperator::text || CASE WHEN o.amopsortfamily = 0 THEN '' ELSE (
                    SELECT ' FOR ORDER BY ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(s.opfname)
                    FROM pg_catalog.pg_opfamily s JOIN pg_catalog.pg_namespace n ON n.oid = s.opfnamespace
                    WHERE s.oid = o.amopsortfamily) END
            FROM pg_catalog.pg_amop o
            WHERE o.oid >= 16384 AND o.amopfamily < 16384 AND o.amopopr >= 16384
            UNION ALL
            SELECT 2603, p.oid, p.amprocfamily, 2, p.amprocnum, 1255, p.amproc,
                'FUNCTION ' || p.amprocnum || ' (' || pg_catalog.format_type(p.amproclefttype, NULL)
                || ', ' || pg_catalog.format_type(p.amprocrighttype, NULL) || ') ' || p.amproc::regprocedure::text
            FROM pg_catalog.pg_amproc p
            WHERE p.oid >= 16384 AND p.amprocfamily < 16384 AND p.amproc >= 16384
        ) m(class, member, family, rank, number, needed, id, words)
        JOIN pg_catalog.pg_opfamily f ON f.oid = m.family
        JOIN pg_catalog.pg_am a ON a.oid = f.opfmethod
        WHERE NOT EXISTS (
            SELECT FROM pg_catalog.pg_depend d WHERE d.classid = m.class AND d.objid = m.member AND d.refclassid = 2616)
        ORDER BY f.oid, m.rank, m.number, m.words
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var members = await context.QueryAsync(
            Query,
            row => (
                Family: row.Oid(0),
                Name: row.GetString(1),
                Method: SqlText.Identifier(row.GetString(2)),
                Words: row.GetString(3),
                Needed: new ObjectAddress(row.Oid(4), row.Oid(5))),
            cancellationToken).ConfigureAwait(false);
        foreach (var family in members.Where(member => !catalog.IsExtensionMember(member.Needed)).GroupBy(member => member.Family))
        {
            var (_, name, method, _, _) = family.First();
            var identity = $"pg_catalog.{SqlText.Identifier(name)} USING {method}";
            var list = string.Join(",\n    ", family.Select(member => member.Words));
            catalog.Add(new SchemaObject
            {
                Address = new ObjectAddress(SystemCatalog.OperatorFamily, family.Key),
                Kind = ObjectKinds.OperatorFamily,
                Schema = "pg_catalog",
                Name = name,
                SortText = method,
                Create = () => $"ALTER OPERATOR FAMILY {identity} ADD\n    {list};\n",
                DependsOn = [.. family.Select(member => member.Needed)],
            });
        }
    }
}
