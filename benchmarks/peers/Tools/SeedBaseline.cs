using Backup.TestKit.PostgreSql;
using Backup.TestKit.Tools;

namespace Backup.Core.Peers.Tools;

/// <summary>What the report behind this project described, as a small program for Node; see <c>seed-baseline/backup.mjs</c>.</summary>
internal sealed class SeedBaseline(string folder)
{
    private const string Script = "backup.mjs";
    private static readonly TimeSpan InstallTimeLimit = TimeSpan.FromMinutes(5);

    /// <summary>Copies the program into a folder and installs what it needs there.</summary>
    /// <exception cref="ToolException">There is no npm, or it cannot install.</exception>
    public static async Task<SeedBaseline> InstallAsync(string workFolder, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(workFolder, "seed-baseline")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "seed-baseline")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        var install = new ToolCommand("npm", "ci", "--no-audit", "--no-fund") { WorkingDirectory = folder, TimeLimit = InstallTimeLimit };
        (await ExternalTool.RunAsync(install, cancellationToken)).EnsureSuccess();
        return new SeedBaseline(folder);
    }

    /// <summary>A backup of all tables.</summary>
    public ToolCommand Backup(string database, string output) => new(
        // Its tables are in memory as text, twice: Node's own limit of a few gigabytes would end it.
        "node", "--max-old-space-size=16384", Path.Combine(folder, Script), Path.Combine(output, "backup.zip"))
    {
        Variables = PgDump.ConnectionVariables(database),
        WorkingDirectory = folder,
    };
}
