using System.Globalization;
using System.Text.RegularExpressions;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.TestKit.Databases;

/// <summary>
/// A database with at least one object of every kind that PostgreSQL has, under hard names and with hard values, as far as
/// the server's version knows the kinds. It makes three roles of the cluster (<c>kinds_owner</c> …) and a tablespace where
/// they are missing.
/// </summary>
/// <remarks>
/// A file of <c>EveryKind/</c> is one area; what a newer version brought to it is in a file of its own, <c>…-since-17.sql</c>.
/// Those of <c>Ordinary</c> are run by <c>kinds_owner</c>, who is no superuser and owns the database.
/// </remarks>
public static partial class EveryKindDatabase
{
    /// <summary>The owner of the database and of everything in it that needs no superuser; it may log in.</summary>
    public const string Owner = "kinds_owner";

    private const string Ordinary = "EveryKind/Ordinary/";
    private const string Privileged = "EveryKind/Privileged/";

    private const string Tablespace = "Kinds' \"space\"";

    // Roles and tablespaces belong to the cluster: another database of it may have made them already, perhaps right now.
    private const string Roles =
        """
        DO $$
        DECLARE
            wanted text;
        BEGIN
            FOREACH wanted IN ARRAY ARRAY['kinds_owner LOGIN', 'kinds_writer', '"Kinds ""Reader"", ü"'] LOOP
                BEGIN
                    EXECUTE 'CREATE ROLE ' || wanted;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN
                    NULL;
                END;
            END LOOP;
        END $$
        """;

    /// <summary>Makes the database and all that is in it.</summary>
    /// <param name="server">Where.</param>
    /// <param name="isOrdinary">Whether it is left at what its owner can make without being a superuser.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The connection string of the superuser.</returns>
    public static async Task<string> CreateAsync(
        PostgresServer server, bool isOrdinary = false, CancellationToken cancellationToken = default)
    {
        var database = await CreateEmptyAsync(server, cancellationToken);
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellationToken);
        await SqlScripts.ExecuteAsync(connection, $"SET ROLE {Owner}", cancellationToken);
        await RunAsync(connection, Ordinary, cancellationToken);
        if (!isOrdinary)
        {
            await SqlScripts.ExecuteAsync(connection, "RESET ROLE", cancellationToken);
            await RunAsync(connection, Privileged, cancellationToken);
        }

        return database;
    }

    /// <summary>Makes an empty database of the same owner, to restore into.</summary>
    /// <returns>The connection string of the superuser.</returns>
    public static async Task<string> CreateEmptyAsync(PostgresServer server, CancellationToken cancellationToken = default)
    {
        await server.ExecuteAsync("postgres", Roles, cancellationToken);
        await CreateTablespaceAsync(server, cancellationToken);
        var name = await server.CreateDatabaseAsync(cancellationToken: cancellationToken);
        await server.ExecuteAsync("postgres", $"ALTER DATABASE \"{name}\" OWNER TO {Owner}", cancellationToken);
        return server.ConnectionString(name);
    }

    private static async Task CreateTablespaceAsync(PostgresServer server, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString("postgres"));
        await connection.OpenAsync(cancellationToken);
        await SqlScripts.ExecuteAsync(connection, "SET allow_in_place_tablespaces = on", cancellationToken);
        try
        {
            var name = Tablespace.Replace("\"", "\"\"", StringComparison.Ordinal);
            await SqlScripts.ExecuteAsync(connection, $"CREATE TABLESPACE \"{name}\" LOCATION ''", cancellationToken);
        }
        catch (PostgresException exception) when (
            exception.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
        {
            // It is there; unlike a role it cannot be made inside a block that catches this.
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string folder, CancellationToken cancellationToken)
    {
        var major = connection.PostgreSqlVersion.Major;
        var scripts =
            from name in SqlScripts.Names(folder)
            let parts = ScriptName().Match(name)
            let since = SinceOf(parts)
            where since <= major
            orderby parts.Groups["area"].Value, since
            select name;
        foreach (var script in scripts)
        {
            await SqlScripts.RunAsync(connection, script, cancellationToken);
        }
    }

    private static int SinceOf(Match parts) =>
        parts.Groups["since"] is { Success: true } number ? int.Parse(number.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?<area>.+?)(-since-(?<since>\d+))?\.sql$")]
    private static partial Regex ScriptName();
}
