using System.Reflection;
using Npgsql;

namespace Backup.TestKit.Databases;

/// <summary>The SQL files of the sample databases, embedded in this assembly under the names of their folders.</summary>
internal static class SqlScripts
{
    // The server splits a script into statements; Npgsql, which does it itself, does not know the bodies of SQL-standard functions.
    private const string RunScript =
        "CREATE OR REPLACE FUNCTION pg_temp.run_script(text) RETURNS void LANGUAGE plpgsql AS 'BEGIN EXECUTE $1; END'";

    /// <summary>Names of the files whose name, folder included, begins with <paramref name="start"/>, in order.</summary>
    public static IReadOnlyList<string> Names(string start) =>
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(start, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Runs one file, its folder named with it, in a transaction of its own, or in the one that is open.</summary>
    public static async Task RunAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, RunScript, cancellationToken);
        await using var command = new NpgsqlCommand("SELECT pg_temp.run_script($1)", connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = await ReadAsync(name, cancellationToken) });
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception)
        {
            throw new InvalidOperationException($"{name}: {exception.Message} {exception.InternalQuery}", exception);
        }
    }

    /// <summary>Runs SQL without a time limit.</summary>
    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<string> ReadAsync(string name, CancellationToken cancellationToken)
    {
        await using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new ArgumentException($"There is no script {name}.", nameof(name));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
