using System.Globalization;
using System.Text.RegularExpressions;
using Backup.TestKit.Tools;

namespace Backup.TestKit.PostgreSql;

/// <summary>A folder with <c>postgres</c> and <c>initdb</c>, and the major version they are of.</summary>
internal sealed partial record PostgresBinaries(string Directory, int Major)
{
    /// <summary>Environment variable that names the folder to use.</summary>
    public const string Variable = "BACKUP_TEST_POSTGRES";

    private const string DebianFolder = "/usr/lib/postgresql";

    /// <summary>The major taken from npm when nobody says which: old enough for every supported distribution's pg_dump.</summary>
    private const int DefaultMajor = 15;

    /// <summary>Environment variable, PATH, Debian's folders (highest major first), then the npm package.</summary>
    public static async Task<PostgresBinaries> FindAsync(int? major, CancellationToken cancellationToken)
    {
        if (await FindInstalledAsync(major, cancellationToken) is { } installed)
        {
            return installed;
        }

        // A container with the SDK alone has no npm: what it has is apt, and the distribution's server fits its pg_dump.
        if (major is null && ExternalTool.Find("npm") is null && AptPackages.CanInstall)
        {
            await AptPackages.InstallForAsync("postgres", () => DebianFolders().Any(), cancellationToken);
            return await FindInstalledAsync(major, cancellationToken)
                ?? throw new ToolException($"The package postgresql was installed, and {DebianFolder} still holds no server.");
        }

        var wanted = major ?? await PgDump.FindMajorAsync(cancellationToken) ?? DefaultMajor;
        return new PostgresBinaries(await EmbeddedPostgres.InstallAsync(wanted, cancellationToken), wanted);
    }

    private static async Task<PostgresBinaries?> FindInstalledAsync(int? major, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            var chosen = await ReadAsync(named, cancellationToken)
                ?? throw new ToolException($"{Variable} is '{named}', where there is no postgres with initdb beside it.");
            if (major is null || chosen.Major == major)
            {
                return chosen;
            }
        }

        foreach (var folder in PathFolder().Concat(DebianFolders()))
        {
            if (await ReadAsync(folder, cancellationToken) is { } found && (major is null || found.Major == major))
            {
                return found;
            }
        }

        return null;
    }

    private static IEnumerable<string> PathFolder()
    {
        // A link in PATH points into the folder where initdb looks for its share files.
        if (ExternalTool.Find("postgres") is { } path)
        {
            yield return Path.GetDirectoryName(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path)!;
        }
    }

    private static IEnumerable<string> DebianFolders() => !System.IO.Directory.Exists(DebianFolder)
        ? []
        : System.IO.Directory.EnumerateDirectories(DebianFolder)
            .Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _))
            .OrderByDescending(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
            .Select(folder => Path.Combine(folder, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "postgres")));

    private static async Task<PostgresBinaries?> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var server = Path.Combine(folder, "postgres");
        if (!File.Exists(server) || !File.Exists(Path.Combine(folder, "initdb")))
        {
            return null;
        }

        var version = await ExternalTool.RunAsync(new ToolCommand(server, "--version"), cancellationToken);
        return MajorOf(version.EnsureSuccess().Output) is { } major ? new PostgresBinaries(folder, major) : null;
    }

    /// <summary>The major version in what <c>postgres --version</c> or <c>pg_dump --version</c> prints.</summary>
    public static int? MajorOf(string versionText) =>
        FirstNumber().Match(versionText) is { Success: true } match
            ? int.Parse(match.ValueSpan, CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex(@"\d+")]
    private static partial Regex FirstNumber();
}
