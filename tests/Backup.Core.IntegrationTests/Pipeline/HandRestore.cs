using Backup.Core.Archives;
using Backup.Core.Pipeline;
using Backup.TestKit;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Tools;

namespace Backup.Core.IntegrationTests.Pipeline;

/// <summary>Restores a backup as RESTORE.md tells a person to: with unzip and psql, without this library.</summary>
internal static class HandRestore
{
    /// <summary>Unpacks all volumes and runs the three scripts.</summary>
    public static async Task RunAsync(TemporaryFolder backups, BackupResult result, string target)
    {
        using var unpacked = new TemporaryFolder();
        foreach (var volume in result.Manifest!.Volumes)
        {
            var file = backups[$"{result.Id}/{volume.Name}"];
            (await ExternalTool.RunAsync("unzip", "-q", "-o", "-d", unpacked.Path, file)).EnsureSuccess();
        }

        foreach (var script in new[] { EntryPaths.PreData, EntryPaths.LoadData, EntryPaths.PostData })
        {
            var psql = new ToolCommand("psql", "-X", "-q", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1", "-f", script)
            {
                Variables = PgDump.ConnectionVariables(target),
                WorkingDirectory = unpacked.Path,
            };
            (await ExternalTool.RunAsync(psql, CancellationToken.None)).EnsureSuccess();
        }
    }
}
