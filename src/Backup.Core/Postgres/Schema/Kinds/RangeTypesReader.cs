using System.Text;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads range types; each one makes its multirange type and constructor functions.</summary>
/// <remarks>
/// A canonical function takes and gives the range itself, so a shell type is made first, then the function
/// (<see cref="RoutinesReader"/> makes it depend on the shell only), then the type.
/// </remarks>
internal sealed class RangeTypesReader : ObjectKindReader
{
    private const string Query =
        $"""
        SELECT {TypeRow.Columns}, pg_catalog.format_type(r.rngsubtype, NULL), m.typnamespace, m.typname,
            CASE WHEN o.opcdefault THEN NULL ELSE pg_catalog.quote_ident(os.nspname) || '.' || pg_catalog.quote_ident(o.opcname) END,
            CASE WHEN r.rngcollation <> s.typcollation AND r.rngcollation <> 0 THEN
                (SELECT pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(c.collname)
                FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace cn ON cn.oid = c.collnamespace
                WHERE c.oid = r.rngcollation) END,
            CASE WHEN r.rngcanonical <> 0 THEN r.rngcanonical::text END,
            CASE WHEN r.rngsubdiff <> 0 THEN r.rngsubdiff::text END
        FROM pg_catalog.pg_range r
        JOIN {TypeRow.Source} ON t.oid = r.rngtypid
        JOIN pg_catalog.pg_type s ON s.oid = r.rngsubtype
        JOIN pg_catalog.pg_type m ON m.oid = r.rngmultitypid
        JOIN pg_catalog.pg_opclass o ON o.oid = r.rngsubopc
        JOIN pg_catalog.pg_namespace os ON os.oid = o.opcnamespace
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var ranges = await context.QueryAsync(
            Query,
            row => new RangeType(
                TypeRow.Read(context, row),
                row.GetString(TypeRow.Next),
                context.Qualified(row.Oid(TypeRow.Next + 1), row.GetString(TypeRow.Next + 2)),
                row.Text(TypeRow.Next + 3),
                row.Text(TypeRow.Next + 4),
                row.Text(TypeRow.Next + 5),
                row.Text(TypeRow.Next + 6)),
            cancellationToken).ConfigureAwait(false);
        foreach (var range in ranges)
        {
            ObjectAddress[] shell = [];
            if (range.Canonical is not null)
            {
                catalog.Add(ShellType.Of(range.Type));
                shell = [ShellType.AddressOf(range.Type.Oid)];
            }

            catalog.Add(range.Type.ToObject(ObjectKinds.Type, () => Create(range), dependsOn: shell));
        }
    }

    private static string Create(RangeType range)
    {
        var text = new StringBuilder($"CREATE TYPE {range.Type.Sql} AS RANGE (\n    subtype = {range.Subtype}");
        text.Append($",\n    multirange_type_name = {range.Multirange}");
        Append("subtype_opclass", range.OperatorClass);
        Append("collation", range.Collation);
        Append("canonical", range.Canonical);
        Append("subtype_diff", range.Difference);
        return text.Append("\n);\n").ToString();

        void Append(string word, string? value)
        {
            if (value is not null)
            {
                text.Append($",\n    {word} = {value}");
            }
        }
    }

    private sealed record RangeType(
        TypeRow Type, string Subtype, string Multirange, string? OperatorClass, string? Collation, string? Canonical, string? Difference);
}
