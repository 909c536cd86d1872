namespace Backup.Core.Postgres;

/// <summary>
/// Makes statements pass through the driver unharmed. Npgsql cuts a command's text at its semicolons, and does not know that
/// the body of an SQL-standard function (<c>BEGIN ATOMIC … END</c>) has some of its own.
/// </summary>
internal static class ServerScript
{
    private const string AtomicBody = "BEGIN ATOMIC";

    /// <summary>Whether the driver cuts the text where the server would.</summary>
    public static bool IsPlain(string sql) => !sql.Contains(AtomicBody, StringComparison.OrdinalIgnoreCase);

    /// <summary>The text as it is, or, when the driver would cut it in the wrong place, one statement that has the server run it.</summary>
    public static string Of(string sql)
    {
        if (IsPlain(sql))
        {
            return sql;
        }

        var tag = "$backup$";
        for (var number = 1; sql.Contains(tag, StringComparison.Ordinal); number++)
        {
            tag = $"$backup{number}$";
        }

        // Standard-conforming strings are on in every session of ours: only the quotes themselves need doubling.
        var literal = sql.Replace("'", "''", StringComparison.Ordinal);
        return $"DO LANGUAGE plpgsql {tag}BEGIN EXECUTE '{literal}'; END{tag}";
    }
}
