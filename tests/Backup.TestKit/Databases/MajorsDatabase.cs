using System.Globalization;
using Npgsql;

namespace Backup.TestKit.Databases;

/// <summary>
/// A schema <c>majors</c> with what each major version of PostgreSQL brought, as far as the server knows it, and what later ones took away: to be restored into
/// servers of other versions.
/// </summary>
public static class MajorsDatabase
{
    /// <summary>The role that some of it is granted to; the caller makes it.</summary>
    public const string Role = "majors_keeper";

    /// <summary>Environment variable: with <c>all</c> every version is restored into every other one.</summary>
    public const string Variable = "BACKUP_CORE_VERSIONS";

    private const string Prefix = "Majors/";

    private static readonly int[] Since = [14, 15, 16, 17, 18];
    private static readonly int[] Before = [17, 18];

    /// <summary>Makes it. Needs a superuser and <see cref="Role"/>.</summary>
    public static async Task CreateAsync(string connectionString, CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        var major = connection.PostgreSqlVersion.Major;
        var scripts = Since.Where(version => version <= major).Select(version => Name("since", version))
            .Concat(Before.Where(version => major < version).Select(version => Name("before", version)));
        foreach (var script in scripts)
        {
            await SqlScripts.RunAsync(connection, Prefix + script, cancellationToken);
        }
    }

    private static string Name(string word, int major) => string.Create(CultureInfo.InvariantCulture, $"{word}-{major}.sql");
}
