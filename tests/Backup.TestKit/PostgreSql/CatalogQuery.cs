namespace Backup.TestKit.PostgreSql;

/// <summary>Which rows of a system catalog <see cref="CatalogText"/> shows, and how.</summary>
/// <param name="Name">The catalog.</param>
/// <param name="Key">The oid that tells what came with the server from what was made later.</param>
/// <param name="Where">A further condition on <c>t</c>.</param>
/// <param name="Definition">An expression on <c>t</c> for what the columns hold as parse trees or numbers of columns.</param>
/// <param name="Since">The major version that brought it.</param>
internal sealed record CatalogQuery(string Name, string Key = "oid", string? Where = null, string? Definition = null, int Since = 0)
{
    // TOAST tables bear the number of their table in their names.
    private const string Toast = "(SELECT c.oid FROM pg_class c WHERE c.relnamespace = 99)";

    /// <summary>The query: one text for each row.</summary>
    public string ToSql(IReadOnlyList<CatalogColumn> columns)
    {
        var items = columns.Select(column => $"'{column.Name}', {column.Expression}")
            .Prepend($"'=', {Definition ?? "NULL::text"}");
        var own = Where == "true" ? "true" : $"t.{Key} >= 16384 AND t.{Key} NOT IN {Toast}";
        if (Name == "pg_namespace")
        {
            own = "(t.oid >= 16384 OR t.oid = 2200)";
        }

        return $"SELECT '{Name} ' || jsonb_strip_nulls(jsonb_build_object({string.Join(", ", items)}))::text FROM {Name} t "
            + $"WHERE {own} AND {Where ?? "true"}";
    }
}
