using System.Text;

namespace Backup.Core.Postgres.Schema;

/// <summary>One item of an access control list: who may do what, granted by whom.</summary>
/// <param name="Grantee">The role's true name; empty for PUBLIC.</param>
/// <param name="Privileges">The letters granted, in the item's order.</param>
/// <param name="GrantOptions">The letters among them that may be granted on.</param>
/// <param name="Grantor">The role's true name.</param>
internal sealed record AclItem(string Grantee, string Privileges, string GrantOptions, string Grantor)
{
    /// <summary>Reads PostgreSQL's text form: <c>grantee=privileges/grantor</c>, names quoted where they are not plain.</summary>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static AclItem Parse(string text)
    {
        var position = 0;
        var grantee = ReadName(text, ref position);
        Expect(text, ref position, '=');
        var privileges = new StringBuilder();
        var options = new StringBuilder();
        for (; position < text.Length && text[position] != '/'; position++)
        {
            if (text[position] == '*')
            {
                if (privileges.Length == 0)
                {
                    throw new FormatException($"The access control item '{text}' has a grant option of no privilege.");
                }

                options.Append(privileges[^1]);
            }
            else
            {
                privileges.Append(text[position]);
            }
        }

        Expect(text, ref position, '/');
        var grantor = ReadName(text, ref position);
        return new AclItem(grantee, privileges.ToString(), options.ToString(), grantor);
    }

    private static string ReadName(string text, ref int position)
    {
        var name = new StringBuilder();
        var isQuoted = false;
        for (; position < text.Length; position++)
        {
            var character = text[position];
            if (character == '"')
            {
                if (isQuoted && position + 1 < text.Length && text[position + 1] == '"')
                {
                    name.Append('"');
                    position++;
                }
                else
                {
                    isQuoted = !isQuoted;
                }
            }
            else if (!isQuoted && (character is '=' or '/'))
            {
                break;
            }
            else
            {
                name.Append(character);
            }
        }

        return name.ToString();
    }

    private static void Expect(string text, ref int position, char expected)
    {
        if (position >= text.Length || text[position] != expected)
        {
            throw new FormatException($"The access control item '{text}' has no '{expected}' at position {position}.");
        }

        position++;
    }
}
