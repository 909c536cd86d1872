using System.Globalization;
using System.Text;
using Backup.Core.Errors;

namespace Backup.Core.Postgres;

/// <summary>The settings that make a reading transaction's text exact, portable and the same every time.</summary>
/// <remarks>
/// All are set with SET LOCAL: they end with the transaction, so that neither the pool's connection nor a transaction
/// pooler's server keeps any of them. SET takes no snapshot, so locks can still be taken before the snapshot is.
/// </remarks>
internal static class SessionSettings
{
    private static readonly (string Name, string Value)[] Values =
    [
        // Limits set for the role or the database would end a long read in its middle.
        ("statement_timeout", "0"),
        ("lock_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),

        // The text of values, whatever the server, the database or the role prefers.
        ("datestyle", "ISO, YMD"),
        ("intervalstyle", "postgres"),
        ("timezone", "UTC"),
        ("extra_float_digits", "3"), // shortest text that reads back as the same bits
        ("bytea_output", "hex"),
        ("lc_monetary", "C"), // money reads back the same only under the same locale; C exists everywhere
        ("xmloption", "content"),

        // The text of expressions and definitions.
        ("search_path", ""), // every name outside pg_catalog comes out qualified
        ("standard_conforming_strings", "on"), // pg_get_* functions and SqlText write literals for this
        ("quote_all_identifiers", "off"), // definitions stay the same from server to server

        // Policies must not hide rows: with off, the server refuses instead of filtering.
        ("row_security", "off"),

        // The same rows in the same order in every backup: no scan that starts in the middle or runs in parallel.
        ("synchronize_seqscans", "off"),
        ("max_parallel_workers_per_gather", "0"),

        // A range of ctid is read as a TID range scan whatever the estimates say, and everything else in heap order.
        ("enable_tidscan", "on"),
        ("enable_seqscan", "off"),
        ("enable_indexscan", "off"),
        ("enable_indexonlyscan", "off"),
        ("enable_bitmapscan", "off"),
        ("jit", "off"), // the cost that a disabled scan is charged would switch it on for every page
    ];

    // Set by BEGIN. Inside a transaction that something in between has begun already, BEGIN changes nothing and only warns.
    private static readonly (string Name, string Value)[] OfTransaction =
    [
        ("transaction_isolation", "repeatable read"),
        ("transaction_read_only", "on"),
    ];

    // transaction_timeout exists from PostgreSQL 17 on.
    private const string TransactionTimeout = "transaction_timeout";
    private const int TransactionTimeoutVersion = 17;

    /// <summary>The SET LOCAL statements for a server of that major version, ready to follow BEGIN.</summary>
    public static string Statements(int majorVersion)
    {
        var sql = new StringBuilder();
        foreach (var (name, value) in For(majorVersion))
            sql.Append(CultureInfo.InvariantCulture, $"SET LOCAL {name} = '{value}';");
        return sql.ToString();
    }

    /// <summary>The query of one row that reads the settings back; its result is for <see cref="Verify"/>.</summary>
    public static string Query(int majorVersion) =>
        $"SELECT {string.Join(", ", Expected(majorVersion).Select(setting => $"pg_catalog.current_setting('{setting.Name}')"))}";

    /// <summary>Fails unless the server took every setting: a pooler or a hook may have changed them.</summary>
    /// <exception cref="DatabaseException">A setting has another value than the text needs.</exception>
    public static void Verify(int majorVersion, IReadOnlyList<string> values)
    {
        var expected = Expected(majorVersion);
        for (var i = 0; i < expected.Length; i++)
        {
            if (IsSame(expected[i].Value, values[i]))
                continue;

            throw new DatabaseException(
                $"The server did not take a setting that exact text needs: {expected[i].Name} is '{values[i]}' instead of '{expected[i].Value}'.")
            {
                Subject = expected[i].Name,
                Category = ErrorCategory.Refused,
                Hint = "Connect to the server directly, or through a pooler in session mode.",
            };
        }
    }

    private static (string Name, string Value)[] Expected(int majorVersion) => [.. For(majorVersion), .. OfTransaction];

    private static IEnumerable<(string Name, string Value)> For(int majorVersion) =>
        majorVersion >= TransactionTimeoutVersion ? Values.Append((TransactionTimeout, "0")) : Values;

    // SET search_path = '' is shown as one empty, quoted name.
    private static bool IsSame(string expected, string actual) =>
        string.Equals(expected, actual, StringComparison.Ordinal) || (expected.Length == 0 && actual == "\"\"");
}
