using System.Globalization;
using Npgsql;

namespace Backup.TestKit.Databases;

/// <summary>
/// A shop with courses, laid out as applications on Supabase are, that holds every kind of object and value a backup has to
/// bring back. Needs a superuser; makes a few roles (<c>shop_owner</c> …) of the cluster where they are missing.
/// </summary>
public static class ApplicationSchema
{
    /// <summary>Where its scripts are.</summary>
    internal const string Folder = "Application/";

    /// <summary>Extensions used where the server has them: not every build brings PostgreSQL's contrib modules.</summary>
    private static readonly string[] Extensions = ["btree_gist", "citext", "pg_trgm", "pgcrypto", "uuid-ossp"];

    private static readonly int[] MajorsWithMore = [15, 18];

    /// <summary>Makes it all, a few hundred rows included, in an empty database.</summary>
    public static async Task CreateAsync(string connectionString, CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        var extensions = await AvailableExtensionsAsync(connection, cancellationToken);

        await SqlScripts.RunAsync(connection, Folder + "01-roles-and-schemas.sql", cancellationToken);
        foreach (var extension in extensions)
        {
            await SqlScripts.ExecuteAsync(connection, $"CREATE EXTENSION \"{extension}\" SCHEMA extensions", cancellationToken);
        }

        string[] further =
        [
            .. SqlScripts.Names(Folder + "0").Skip(1),
            .. SqlScripts.Names(Folder + "1"),
            .. extensions.Select(extension => $"{Folder}with-{extension}.sql"),
            .. MajorsWithMore.Where(major => connection.PostgreSqlVersion.Major >= major)
                .Select(major => string.Create(CultureInfo.InvariantCulture, $"{Folder}since-{major}.sql")),
        ];
        foreach (var script in further)
        {
            await SqlScripts.RunAsync(connection, script, cancellationToken);
        }
    }

    private static async Task<List<string>> AvailableExtensionsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT name FROM pg_available_extensions WHERE name = ANY ($1) ORDER BY name COLLATE \"C\"", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = Extensions });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
