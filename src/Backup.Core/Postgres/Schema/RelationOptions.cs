namespace Backup.Core.Postgres.Schema;

/// <summary>Writes storage options (<c>reloptions</c>) for a WITH clause.</summary>
internal static class RelationOptions
{
    /// <summary>The options joined by commas, values quoted unless they are plain words; an empty text for none.</summary>
    /// <param name="options">The items, <c>name=value</c>.</param>
    /// <param name="prefix">What comes before each name: <c>toast.</c> for those of the TOAST table.</param>
    public static string Format(IReadOnlyList<string>? options, string prefix = "") =>
        string.Join(", ", (options ?? []).Select(option => prefix + FormatOne(option)));

    private static string FormatOne(string option)
    {
        var split = option.IndexOf('=', StringComparison.Ordinal);
        var name = SqlText.Identifier(split < 0 ? option : option[..split]);
        var value = split < 0 ? "" : option[(split + 1)..];
        return SqlText.Identifier(value) == value ? $"{name}={value}" : $"{name}={SqlText.Literal(value)}";
    }
}
