using System.Globalization;
using Npgsql;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads base types, whose input and output functions are made between a shell type and the type, and lone shell types.</summary>
internal sealed class BaseTypesReader : ObjectKindReader
{
    private const string Query =
        $"""
        SELECT {TypeRow.Columns}, t.typinput::text, t.typoutput::text,
            CASE WHEN t.typreceive <> 0 THEN t.typreceive::text END, CASE WHEN t.typsend <> 0 THEN t.typsend::text END,
            CASE WHEN t.typmodin <> 0 THEN t.typmodin::text END, CASE WHEN t.typmodout <> 0 THEN t.typmodout::text END,
            CASE WHEN t.typanalyze <> 0 THEN t.typanalyze::text END, CASE WHEN t.typsubscript <> 0 THEN t.typsubscript::text END,
            t.typlen, t.typbyval, t.typalign, t.typstorage, t.typcategory, t.typispreferred, t.typdelim, t.typcollation <> 0,
            CASE WHEN t.typelem <> 0 THEN pg_catalog.format_type(t.typelem, NULL) END,
            pg_catalog.pg_get_expr(t.typdefaultbin, 0), t.typdefault
        FROM {TypeRow.Source}
        WHERE t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)
        """;

    private const string ShellQuery =
        $"SELECT {TypeRow.Columns} FROM {TypeRow.Source} WHERE t.typtype = 'p' AND NOT t.typisdefined";

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var types = await context.QueryAsync(
            Query, row => (Type: TypeRow.Read(context, row), Properties: Properties(row)), cancellationToken).ConfigureAwait(false);
        foreach (var (type, properties) in types)
        {
            catalog.Add(ShellType.Of(type));
            catalog.Add(type.ToObject(
                ObjectKinds.Type,
                () => $"CREATE TYPE {type.Sql} (\n    {string.Join(",\n    ", properties)}\n);\n",
                dependsOn: [ShellType.AddressOf(type.Oid)]));
        }

        var shells = await context.QueryAsync(ShellQuery, row => TypeRow.Read(context, row), cancellationToken).ConfigureAwait(false);
        foreach (var type in shells)
        {
            catalog.Add(type.ToObject(ObjectKinds.Type, () => $"CREATE TYPE {type.Sql};\n"));
        }
    }

    private static List<string> Properties(NpgsqlDataReader row)
    {
        const int First = TypeRow.Next;
        var length = row.GetInt16(First + 8);
        var value = row.Text(First + 17) ?? (row.Text(First + 18) is { } text ? SqlText.Literal(text) : null);
        List<string?> properties =
        [
            $"INPUT = {row.GetString(First)}",
            $"OUTPUT = {row.GetString(First + 1)}",
            Value("RECEIVE", row.Text(First + 2)),
            Value("SEND", row.Text(First + 3)),
            Value("TYPMOD_IN", row.Text(First + 4)),
            Value("TYPMOD_OUT", row.Text(First + 5)),
            Value("ANALYZE", row.Text(First + 6)),
            Value("SUBSCRIPT", row.Text(First + 7)),
            $"INTERNALLENGTH = {(length < 0 ? "VARIABLE" : length.ToString(CultureInfo.InvariantCulture))}",
            row.GetBoolean(First + 9) ? "PASSEDBYVALUE" : null,
            $"ALIGNMENT = {Alignment(row.Char(First + 10))}",
            $"STORAGE = {Storage(row.Char(First + 11))}",
            $"CATEGORY = {SqlText.Literal(row.Char(First + 12).ToString())}",
            row.GetBoolean(First + 13) ? "PREFERRED = true" : null,
            $"DELIMITER = {SqlText.Literal(row.Char(First + 14).ToString())}",
            row.GetBoolean(First + 15) ? "COLLATABLE = true" : null,
            Value("ELEMENT", row.Text(First + 16)),
            Value("DEFAULT", value),
        ];
        return [.. properties.OfType<string>()];
    }

    private static string? Value(string word, string? value) => value is null ? null : $"{word} = {value}";

    private static string Alignment(char letter) => letter switch { 'c' => "char", 's' => "int2", 'd' => "double", _ => "int4" };

    private static string Storage(char letter) => letter switch { 'e' => "external", 'x' => "extended", 'm' => "main", _ => "plain" };
}
