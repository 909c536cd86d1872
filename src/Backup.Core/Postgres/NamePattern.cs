using System.Text;

namespace Backup.Core.Postgres;

/// <summary>A pattern over true names: <c>*</c> stands for any text, <c>?</c> for one character, double quotes take both words literally.</summary>
/// <remarks>Names are compared exactly as PostgreSQL stores them: nothing is folded to lower case.</remarks>
internal sealed class NamePattern
{
    private const char AnyText = '\uE000';
    private const char AnyCharacter = '\uE001';

    private readonly string _schema;
    private readonly string? _name;

    private NamePattern(string text, string schema, string? name)
    {
        Text = text;
        _schema = schema;
        _name = name;
    }

    /// <summary>The pattern as the caller wrote it.</summary>
    public string Text { get; }

    /// <summary>A pattern for schemas.</summary>
    /// <exception cref="ArgumentException">The text is empty, has two parts or an open quote.</exception>
    public static NamePattern ForSchema(string text)
    {
        var parts = Parse(text);
        return parts.Count == 1
            ? new NamePattern(text, parts[0], name: null)
            : throw new ArgumentException($"'{text}' is not a pattern for schemas: write one name, with dots inside double quotes.");
    }

    /// <summary>A pattern for tables: <c>schema.table</c>.</summary>
    /// <exception cref="ArgumentException">The text has not exactly two parts, an empty part or an open quote.</exception>
    public static NamePattern ForTable(string text)
    {
        var parts = Parse(text);
        return parts.Count == 2
            ? new NamePattern(text, parts[0], parts[1])
            : throw new ArgumentException($"'{text}' is not a pattern for tables: write schema.table, with dots that belong to a name inside double quotes.");
    }

    /// <summary>Whether a schema's name fits the pattern's schema part.</summary>
    public bool MatchesSchema(string schema) => Matches(_schema, schema);

    /// <summary>Whether a relation fits: both parts of a table pattern, or the schema alone of a schema pattern.</summary>
    public bool Matches(QualifiedName name) => Matches(_schema, name.Schema) && (_name is null || Matches(_name, name.Name));

    private static List<string> Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        var parts = new List<string>();
        var part = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' when isQuoted && i + 1 < text.Length && text[i + 1] == '"':
                    part.Append('"');
                    i++;
                    break;
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case '.' when !isQuoted:
                    parts.Add(part.ToString());
                    part.Clear();
                    break;
                case '*' when !isQuoted:
                    part.Append(AnyText);
                    break;
                case '?' when !isQuoted:
                    part.Append(AnyCharacter);
                    break;
                default:
                    part.Append(text[i]);
                    break;
            }
        }

        parts.Add(part.ToString());
        return isQuoted || parts.Contains(string.Empty)
            ? throw new ArgumentException($"'{text}' is not a pattern: {(isQuoted ? "a double quote is not closed" : "a name is empty")}.")
            : parts;
    }

    // Greedy with one point to come back to: linear in practice and never exponential, whatever the pattern.
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int p = 0, n = 0, star = -1, resume = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == AnyText)
            {
                star = p++;
                resume = n;
            }
            else if (p < pattern.Length && (pattern[p] == AnyCharacter || pattern[p] == name[n]))
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart(AnyText).IsEmpty;
    }
}
