using System.Text;

namespace Backup.Core.Postgres.Server;

/// <summary>Writes the values of parameters. Of those that are lists of names each name is a value of its own.</summary>
/// <remarks>
/// The server keeps such a list as one text with its names quoted, and would take that text, where it is given as one value, for one name.
/// </remarks>
internal static class SettingLists
{
    // The parameters that PostgreSQL 14 to 18 mark so (GUC_LIST_QUOTE); names of parameters are compared without their case.
    private static readonly HashSet<string> Lists = new(StringComparer.OrdinalIgnoreCase)
    {
        "local_preload_libraries", "search_path", "session_preload_libraries", "shared_preload_libraries", "temp_tablespaces",
        "unix_socket_directories",
    };

    /// <summary>The value as it stands after TO.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="value">The value as the catalog has it.</param>
    public static string ToSql(string name, string value) => Lists.Contains(name) && TrySplit(value) is { } items
        ? string.Join(", ", items.Select(SqlText.Literal))
        : SqlText.Literal(value);

    // Names, quoted or not, between commas; null for what is no such list.
    private static List<string>? TrySplit(string text)
    {
        var items = new List<string>();
        var position = SkipSpaces(text, 0);
        if (position == text.Length)
        {
            return null;
        }

        while (true)
        {
            if (TryReadItem(text, ref position) is not { } item)
            {
                return null;
            }

            items.Add(item);
            position = SkipSpaces(text, position);
            if (position == text.Length)
            {
                return items;
            }

            if (text[position] != ',')
            {
                return null;
            }

            position = SkipSpaces(text, position + 1);
        }
    }

    private static string? TryReadItem(string text, ref int position)
    {
        if (position < text.Length && text[position] == '"')
        {
            return TryReadQuoted(text, ref position);
        }

        var start = position;
        while (position < text.Length && text[position] != ',' && !char.IsWhiteSpace(text[position]))
        {
            position++;
        }

        return position == start ? null : text[start..position];
    }

    private static string? TryReadQuoted(string text, ref int position)
    {
        var item = new StringBuilder();
        for (position++; position < text.Length; position++)
        {
            if (text[position] != '"')
            {
                item.Append(text[position]);
            }
            else if (position + 1 < text.Length && text[position + 1] == '"')
            {
                item.Append('"');
                position++;
            }
            else
            {
                position++;
                return item.ToString();
            }
        }

        return null;
    }

    private static int SkipSpaces(string text, int position)
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
        {
            position++;
        }

        return position;
    }
}
