namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads casts; those between a range and its multirange come with the range.</summary>
internal sealed class CastsReader : ObjectKindReader
{
    private const string Query =
        """
        SELECT c.oid, pg_catalog.format_type(c.castsource, NULL), pg_catalog.format_type(c.casttarget, NULL),
            CASE WHEN c.castfunc <> 0 THEN c.castfunc::regprocedure::text END, c.castcontext, c.castmethod
        FROM pg_catalog.pg_cast c
        WHERE c.oid >= 16384
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 2605 AND d.objid = c.oid AND d.deptype = 'i')
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var casts = await context.QueryAsync(
            Query,
            row => (
                Oid: row.Oid(0),
                Name: $"({row.GetString(1)} AS {row.GetString(2)})",
                Function: row.Text(3),
                Context: row.Char(4),
                Method: row.Char(5)),
            cancellationToken).ConfigureAwait(false);
        foreach (var (oid, name, function, use, method) in casts)
        {
            var means = method switch { 'f' => $"WITH FUNCTION {function}", 'i' => "WITH INOUT", _ => "WITHOUT FUNCTION" };
            var implied = use switch { 'i' => " AS IMPLICIT", 'a' => " AS ASSIGNMENT", _ => "" };
            catalog.Add(new SchemaObject
            {
                Address = new ObjectAddress(SystemCatalog.Cast, oid),
                Kind = ObjectKinds.Cast,
                Name = name,
                Create = () => $"CREATE CAST {name} {means}{implied};\n",
                Drop = $"DROP CAST IF EXISTS {name};\n",
                Identity = $"CAST {name}",
            });
        }
    }
}
