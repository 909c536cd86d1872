namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Writes the options of wrappers, servers, mappings and foreign tables.</summary>
internal static class ForeignOptions
{
    /// <summary>The clause with a blank before it; an empty text for no options.</summary>
    /// <param name="options">The items as the catalogs hold them, <c>name=value</c>.</param>
    public static string Clause(IReadOnlyList<string>? options) =>
        options is null or [] ? "" : $" OPTIONS ({string.Join(", ", options.Select(Item))})";

    private static string Item(string option)
    {
        var split = option.IndexOf('=', StringComparison.Ordinal);
        return split < 0
            ? $"{SqlText.Identifier(option)} ''"
            : $"{SqlText.Identifier(option[..split])} {SqlText.Literal(option[(split + 1)..])}";
    }
}
