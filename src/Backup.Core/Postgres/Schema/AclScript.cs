using System.Text;

namespace Backup.Core.Postgres.Schema;

/// <summary>
/// Writes the GRANT and REVOKE statements that lead from the privileges an object has when it is made to those it has
/// in the source; nothing where the two agree.
/// </summary>
internal static class AclScript
{
    /// <summary>The statements for one object or column.</summary>
    /// <param name="acl">The source's privileges.</param>
    /// <param name="initial">What the object has once made where that is not the default: an extension member's initial privileges.</param>
    /// <param name="majorVersion">The source's major version.</param>
    /// <param name="prefix">What comes before each statement: <c>ALTER DEFAULT PRIVILEGES …</c>.</param>
    /// <param name="part">Which privileges are written.</param>
    /// <returns>Statements each ending in <c>;\n</c>, or an empty text.</returns>
    public static string Build(
        ObjectAcl acl, IReadOnlyList<string>? initial, int majorVersion, string prefix = "", AclPart part = AclPart.Whole)
    {
        var wanted = acl.Items ?? acl.Default;
        var present = initial ?? acl.Default;
        var script = new StringBuilder();
        foreach (var text in present.Where(item => !wanted.Contains(item, StringComparer.Ordinal)))
        {
            var item = AclItem.Parse(text);
            if (Words(acl, item.Privileges, majorVersion, part) is { Length: > 0 } words)
            {
                script.Append($"{prefix}REVOKE {words} ON {acl.Target} FROM {Role(item.Grantee)};\n");
            }
        }

        var granted = wanted.Where(item => !present.Contains(item, StringComparer.Ordinal)).Select(AclItem.Parse);

        // The owner's own privileges first: what others grant on rests on them.
        foreach (var item in granted.OrderBy(item => item.Grantee == acl.Owner && item.Grantor == acl.Owner ? 0 : 1))
        {
            AppendGrants(script, acl, item, majorVersion, prefix, part);
        }

        return script.ToString();
    }

    private static void AppendGrants(StringBuilder script, ObjectAcl acl, AclItem item, int majorVersion, string prefix, AclPart part)
    {
        var plain = string.Concat(item.Privileges.Where(letter => !item.GrantOptions.Contains(letter)));
        var words = Words(acl, plain, majorVersion, part);
        var grantable = Words(acl, item.GrantOptions, majorVersion, part);
        if (words.Length == 0 && grantable.Length == 0)
        {
            return;
        }

        var isForeign = item.Grantor.Length > 0 && item.Grantor != acl.Owner;
        if (isForeign)
        {
            script.Append($"SET SESSION AUTHORIZATION {SqlText.Identifier(item.Grantor)};\n");
        }

        if (words.Length > 0)
        {
            script.Append($"{prefix}GRANT {words} ON {acl.Target} TO {Role(item.Grantee)};\n");
        }

        if (grantable.Length > 0)
        {
            script.Append($"{prefix}GRANT {grantable} ON {acl.Target} TO {Role(item.Grantee)} WITH GRANT OPTION;\n");
        }

        if (isForeign)
        {
            script.Append("RESET SESSION AUTHORIZATION;\n");
        }
    }

    private static string Words(ObjectAcl acl, string letters, int majorVersion, AclPart part)
    {
        var column = acl.Column is null ? "" : $"({SqlText.Identifier(acl.Column)})";
        var all = acl.Type.LettersOf(majorVersion);
        if (letters.Length > 0 && all.All(letters.Contains))
        {
            return part == AclPart.Newer ? "" : "ALL" + column;
        }

        var known = all.Where(letter => letters.Contains(letter) && IsOf(part, letter)).Select(letter => acl.Type.Names[acl.Type.Letters.IndexOf(letter, StringComparison.Ordinal)]);
        return string.Join(',', known.Select(word => word + column));
    }

    private static bool IsOf(AclPart part, char letter) =>
        part == AclPart.Whole || (letter == AclObjectType.Maintain) == (part == AclPart.Newer);

    private static string Role(string name) => name.Length == 0 ? "PUBLIC" : SqlText.Identifier(name);
}
