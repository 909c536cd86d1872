using Backup.TestKit.PostgreSql;
using Backup.TestKit.Tools;

namespace Backup.Core.Peers.Tools;

/// <summary>What the report behind this project described, as a small program for Node; see <c>seed-baseline/backup.mjs</c>.</summary>
/// <param name="workFolder">Where it is installed.</param>
internal sealed class SeedBaseline(string workFolder)
{
    private const string Script = "backup.mjs";
    private static readonly TimeSpan InstallTimeLimit = TimeSpan.FromMinutes(5);

    private readonly string _folder = Path.Combine(workFolder, "seed-baseline");

    /// <summary>Installs the program and what it needs, once.</summary>
    /// <exception cref="ToolException">There is no npm, or it cannot install.</exception>
    public async Task InstallAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(_folder))
        {
            return;
        }

        Directory.CreateDirectory(_folder);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "seed-baseline")))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }

        var install = new ToolCommand("npm", "ci", "--no-audit", "--no-fund") { WorkingDirectory = _folder, TimeLimit = InstallTimeLimit };
        (await ExternalTool.RunAsync(install, cancellationToken)).EnsureSuccess();
    }

    /// <summary>A backup of all tables.</summary>
    public ToolCommand Backup(string database, string output) => new(
        // Its tables are in memory as text, twice: Node's own limit of a few gigabytes would end it.
        "node", "--max-old-space-size=16384", Path.Combine(_folder, Script), Path.Combine(output, "backup.zip"))
    {
        Variables = PgDump.ConnectionVariables(database),
        WorkingDirectory = _folder,
    };
}
