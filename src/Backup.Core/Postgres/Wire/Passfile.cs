using System.Globalization;
using System.Text;

namespace Backup.Core.Postgres.Wire;

/// <summary>Finds a password among the lines of a passfile, <c>host:port:database:user:password</c>.</summary>
/// <remarks>See <see href="https://www.postgresql.org/docs/current/libpq-pgpass.html"/>.</remarks>
internal static class Passfile
{
    private const int FieldCount = 5;
    private const string Any = "*";

    /// <summary>The password of the first line that matches; <see langword="null"/> when none does.</summary>
    public static string? Find(IEnumerable<string> lines, string host, int port, string database, string user)
    {
        string[] wanted = [host, port.ToString(CultureInfo.InvariantCulture), database, user];
        return lines
            .Where(line => !line.StartsWith('#'))
            .Select(Split)
            .Where(fields => fields.Count == FieldCount)
            .FirstOrDefault(fields => fields.Zip(wanted).All(pair => pair.First == Any || pair.First == pair.Second))?[^1];
    }

    // A backslash takes away the meaning of a colon or a backslash. What follows the fourth colon is the password.
    private static List<string> Split(string line)
    {
        var fields = new List<string>(FieldCount);
        var field = new StringBuilder();
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == ':' && fields.Count < FieldCount - 1)
            {
                fields.Add(field.ToString());
                field.Clear();
                continue;
            }

            if (line[i] == '\\' && i + 1 < line.Length)
                i++;
            field.Append(line[i]);
        }

        fields.Add(field.ToString());
        return fields;
    }
}
