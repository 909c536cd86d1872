using System.Globalization;

namespace Backup.Core.Postgres.Schema;

/// <summary>Finds in the text of statements what not every supported version knows. Used by one caller at a time.</summary>
/// <remarks>
/// It looks at tokens outside quotes, so that no literal, no quoted name and no body of a function, which is not checked when it is made, is
/// mistaken for syntax. A name with a schema of its own is nothing that came with the server.
/// </remarks>
internal sealed class StatementFeatures
{
    private const string Catalog = "pg_catalog";
    private readonly List<Range> _tokens = [];

    /// <summary>Finds them.</summary>
    /// <param name="text">Statements as the server, or a reader, writes them.</param>
    public IReadOnlyList<VersionRequirement> Find(string text)
    {
        Split(text);
        List<VersionRequirement>? found = null;
        var features = ServerFeatures.ByFirstToken.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var place = 0; place < _tokens.Count; place++)
        {
            var token = text.AsSpan(_tokens[place]);
            if (!char.IsAsciiLetter(token[0]) || IsAt(text, place - 1, "."))
            {
                continue;
            }

            if (features.TryGetValue(token, out var candidates))
            {
                foreach (var feature in candidates)
                {
                    if (Matches(text, place, feature) && found?.Contains(feature.Requirement) != true)
                    {
                        (found ??= []).Add(feature.Requirement);
                    }
                }
            }
            else if (token is "numeric" && HasWideScale(text, place))
            {
                (found ??= []).Add(VersionRequirement.From(15, "a numeric type with such a scale"));
            }
        }

        return found is null ? [] : found;
    }

    private bool Matches(string text, int place, ServerFeature feature)
    {
        for (var index = 1; index < feature.Tokens.Count; index++)
        {
            if (!IsAt(text, place + index, feature.Tokens[index]))
            {
                return false;
            }
        }

        return true;
    }

    // numeric(3,-2), numeric(3,5): scales outside 0 to the precision.
    private bool HasWideScale(string text, int place)
    {
        if (!IsAt(text, place + 1, "(") || !TryNumber(text, place + 2, out var precision) || !IsAt(text, place + 3, ","))
        {
            return false;
        }

        return IsAt(text, place + 4, "-") || (TryNumber(text, place + 4, out var scale) && scale > precision);
    }

    private bool TryNumber(string text, int place, out int number)
    {
        number = 0;
        return place < _tokens.Count && int.TryParse(text.AsSpan(_tokens[place]), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private bool IsAt(string text, int place, string token) =>
        place >= 0 && place < _tokens.Count && text.AsSpan(_tokens[place]).SequenceEqual(token);

    private void Split(string text)
    {
        _tokens.Clear();
        for (var position = 0; position < text.Length;)
        {
            var start = position;
            var character = text[position];
            if (IsWord(character))
            {
                position = EndOfWord(text, position);
                if (position < text.Length && text[position] == '\'')
                {
                    // E'…', B'…': the letter belongs to the literal.
                    position = EndOfQuoted(text, position, isEscaped: character is 'E' or 'e');
                }
                else if (text.AsSpan(start, position - start) is Catalog && position < text.Length && text[position] == '.')
                {
                    position++;
                }
                else
                {
                    _tokens.Add(start..position);
                }
            }
            else if (character is '\'' or '"')
            {
                position = EndOfQuoted(text, position, isEscaped: false);
                _tokens.Add(start..position);
            }
            else if (character == '$')
            {
                position = EndOfDollarQuoted(text, position);
            }
            else
            {
                position++;
                if (!char.IsWhiteSpace(character))
                {
                    _tokens.Add(start..position);
                }
            }
        }
    }

    private static bool IsWord(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or > '\x7f';

    private static int EndOfWord(string text, int position)
    {
        while (position < text.Length && (IsWord(text[position]) || text[position] == '$'))
        {
            position++;
        }

        return position;
    }

    private static int EndOfQuoted(string text, int position, bool isEscaped)
    {
        var quote = text[position];
        for (position++; position < text.Length; position++)
        {
            if (text[position] == quote)
            {
                if (position + 1 == text.Length || text[position + 1] != quote)
                {
                    return position + 1;
                }

                position++;
            }
            else if (isEscaped && text[position] == '\\')
            {
                position++;
            }
        }

        return text.Length;
    }

    private static int EndOfDollarQuoted(string text, int position)
    {
        var end = position + 1;
        while (end < text.Length && IsWord(text[end]))
        {
            end++;
        }

        if (end >= text.Length || text[end] != '$')
        {
            return position + 1;
        }

        var tag = text[position..(end + 1)];
        var close = text.IndexOf(tag, end + 1, StringComparison.Ordinal);
        return close < 0 ? text.Length : close + tag.Length;
    }
}
