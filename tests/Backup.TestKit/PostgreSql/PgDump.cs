using System.Globalization;
using System.Text.RegularExpressions;
using Backup.TestKit.Tools;
using Npgsql;

namespace Backup.TestKit.PostgreSql;

/// <summary>PostgreSQL's own dump, the yardstick for a restored database.</summary>
public static partial class PgDump
{
    private const string DebianFolder = "/usr/lib/postgresql";

    /// <summary>The whole schema as pg_dump prints it, comments, owners and grants included.</summary>
    public static Task<string> SchemaAsync(string connectionString, params string[] arguments) =>
        RunAsync(connectionString, ["--schema-only", .. arguments]);

    /// <summary>
    /// Whatever pg_dump prints. Only the lines <c>\restrict</c> and <c>\unrestrict</c> are taken out: new versions write a random
    /// key in them.
    /// </summary>
    /// <exception cref="ToolException">pg_dump failed, or none new enough for the server is installed.</exception>
    public static Task<string> RunAsync(string connectionString, params string[] arguments) => RunAsync(connectionString, "pg_dump", arguments);

    /// <summary>The server's roles, without passwords, as pg_dumpall prints them.</summary>
    /// <exception cref="ToolException">pg_dumpall failed, or none new enough for the server is installed.</exception>
    public static Task<string> RolesAsync(string connectionString) =>
        RunAsync(connectionString, "pg_dumpall", ["--roles-only", "--no-role-passwords"]);

    /// <summary>The same connection for programs built on libpq.</summary>
    public static IReadOnlyDictionary<string, string?> ConnectionVariables(string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        return new Dictionary<string, string?>
        {
            ["PGHOST"] = connection.Host,
            ["PGPORT"] = connection.Port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = connection.Username,
            ["PGPASSWORD"] = connection.Password,
            ["PGDATABASE"] = connection.Database,
        };
    }

    /// <summary>Major version of the newest pg_dump there is, or <c>null</c>.</summary>
    public static async Task<int?> FindMajorAsync(CancellationToken cancellationToken = default)
    {
        var found = await InstalledAsync(cancellationToken);
        return found.Count == 0 ? null : found.Max(dump => dump.Major);
    }

    /// <summary>The pg_dump whose version fits a server; pg_restore lies beside it.</summary>
    /// <exception cref="ToolException">There is none that is new enough.</exception>
    public static async Task<string> FindAsync(int serverMajor, CancellationToken cancellationToken = default)
    {
        var found = await InstalledAsync(cancellationToken);
        if (found.Count == 0)
        {
            await ExternalTool.FindAsync("pg_dump", cancellationToken);
            found = await InstalledAsync(cancellationToken);
        }

        // The nearest version: newer ones print what the server's own does in other words.
        return found.Where(dump => dump.Major >= serverMajor).OrderBy(dump => dump.Major).FirstOrDefault().Path
            ?? throw new ToolException(
                $"The server is PostgreSQL {serverMajor}, and no pg_dump here is that new "
                + $"({string.Join(", ", found.Select(dump => dump.Path))}). Install postgresql-client-{serverMajor}.");
    }

    // Debian's /usr/bin/pg_dump only picks one of the others by rules of its own: those others come first.
    private static async Task<IReadOnlyList<(string Path, int Major)>> InstalledAsync(CancellationToken cancellationToken)
    {
        var paths = Directory.Exists(DebianFolder)
            ? Directory.EnumerateDirectories(DebianFolder).Select(folder => Path.Combine(folder, "bin", "pg_dump")).Where(File.Exists)
            : [];
        var found = new List<(string, int)>();
        foreach (var path in paths.Concat(ExternalTool.Find("pg_dump") is { } inPath ? [inPath] : []))
        {
            var version = await ExternalTool.RunAsync(new ToolCommand(path, "--version"), cancellationToken);
            if (version.ExitCode == 0 && PostgresBinaries.MajorOf(version.Output) is { } major)
            {
                found.Add((path, major));
            }
        }

        return found;
    }

    private static async Task<string> RunAsync(string connectionString, string tool, string[] arguments)
    {
        var dump = await FindAsync(await ServerMajorAsync(connectionString));
        var command = new ToolCommand(Path.Combine(Path.GetDirectoryName(dump) ?? "", tool), arguments)
        {
            Variables = ConnectionVariables(connectionString),
            TimeLimit = TimeSpan.FromMinutes(5),
        };
        var result = await ExternalTool.RunAsync(command, CancellationToken.None);
        return RestrictLine().Replace(result.EnsureSuccess().Output, "");
    }

    private static async Task<int> ServerMajorAsync(string connectionString)
    {
        await using var connection = await PostgresFixture.OpenAsync(connectionString);
        return connection.PostgreSqlVersion.Major;
    }

    [GeneratedRegex(@"^\\(un)?restrict .*\n", RegexOptions.Multiline)]
    private static partial Regex RestrictLine();
}
