using System.Buffers;

namespace Backup.Core.Postgres;

/// <summary>Quotes names and values for SQL text.</summary>
internal static class SqlText
{
    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>A name as an identifier, quoted unless it is plain lower case and no key word.</summary>
    /// <param name="name">The true name.</param>
    /// <returns>SQL text that means exactly that name.</returns>
    public static string Identifier(string name)
    {
        var isPlain = name.Length > 0
            && !char.IsAsciiDigit(name[0])
            && !name.AsSpan().ContainsAnyExcept(PlainCharacters)
            && !SqlKeywords.IsReserved(name);
        return isPlain ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>A text as a string literal, in the E form only where it holds a backslash.</summary>
    /// <param name="value">The text.</param>
    /// <returns>SQL text that means exactly that text, whatever <c>standard_conforming_strings</c> says.</returns>
    public static string Literal(string value)
    {
        var quoted = $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
        return value.Contains('\\', StringComparison.Ordinal)
            ? $"E{quoted.Replace("\\", "\\\\", StringComparison.Ordinal)}"
            : quoted;
    }
}
