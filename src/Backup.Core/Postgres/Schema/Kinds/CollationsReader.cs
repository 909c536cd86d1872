using System.Text;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads collations.</summary>
internal sealed class CollationsReader : ObjectKindReader
{
    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        // The locale of ICU had no column of its own before version 15, and tailoring rules came with 16.
        var locale = context.Major switch { >= 17 => "c.colllocale", >= 15 => "c.colliculocale", _ => "NULL" };
        var rules = context.Major >= 16 ? "c.collicurules" : "NULL";
        var collations = await context.QueryAsync(
            $"""
            SELECT c.oid, c.collnamespace, c.collname, c.collowner, c.collprovider, c.collisdeterministic,
                c.collcollate::text, c.collctype::text, {locale}::text, {rules}::text
            FROM pg_catalog.pg_collation c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
            WHERE {ReadContext.UserSchema}
            """,
            row => new Collation(
                row.Oid(0),
                new QualifiedName(context.SchemaName(row.Oid(1)), row.GetString(2)),
                context.RoleName(row.Oid(3)),
                row.Char(4),
                row.GetBoolean(5),
                row.Text(6),
                row.Text(7),
                row.Text(8),
                row.Text(9)),
            cancellationToken).ConfigureAwait(false);
        foreach (var collation in collations)
        {
            var sql = collation.Name.ToSql();
            catalog.Add(new SchemaObject
            {
                Address = new ObjectAddress(SystemCatalog.Collation, collation.Oid),
                Kind = ObjectKinds.Collation,
                Schema = collation.Name.Schema,
                Name = collation.Name.Name,
                Create = () => Create(collation, sql),
                Drop = $"DROP COLLATION IF EXISTS {sql};\n",
                Identity = $"COLLATION {sql}",
                Owner = collation.Owner,
                Requires = () => [.. RequirementsOf(collation)],
            });
        }
    }

    private static string Create(Collation collation, string sql)
    {
        var provider = collation.Provider switch { 'c' => "libc", 'i' => "icu", 'b' => "builtin", _ => "default" };
        var text = new StringBuilder($"CREATE COLLATION {sql} (provider = {provider}");
        if (!collation.IsDeterministic)
        {
            text.Append(", deterministic = false");
        }

        var locale = collation.Locale ?? (collation.Collate == collation.Type ? collation.Collate : null);
        if (locale is not null)
        {
            text.Append($", locale = {SqlText.Literal(locale)}");
        }
        else if (collation is { Collate: { } collate, Type: { } type })
        {
            text.Append($", lc_collate = {SqlText.Literal(collate)}, lc_ctype = {SqlText.Literal(type)}");
        }

        if (collation.Rules is not null)
        {
            text.Append($", rules = {SqlText.Literal(collation.Rules)}");
        }

        return text.Append(");\n").ToString();
    }

    private static IEnumerable<VersionRequirement> RequirementsOf(Collation collation)
    {
        if (collation.Provider == 'b')
        {
            yield return collation.Locale == "PG_UNICODE_FAST"
                ? VersionRequirement.From(18, "the locale PG_UNICODE_FAST")
                : VersionRequirement.From(17, "a collation of the builtin provider");
        }

        if (collation.Rules is not null)
        {
            yield return VersionRequirement.From(16, "a collation with rules");
        }
    }

    private sealed record Collation(
        uint Oid,
        QualifiedName Name,
        string Owner,
        char Provider,
        bool IsDeterministic,
        string? Collate,
        string? Type,
        string? Locale,
        string? Rules);
}
