using System.Globalization;
using Backup.TestKit.Tools;

namespace Backup.Core.Peers.Tools;

/// <summary>The tool of this repository, run as a process of its own.</summary>
internal static class BackupCoreTool
{
    private const string DatabaseVariable = "BACKUP_DATABASE";
    private const string StorageKeyVariable = "BACKUP_STORAGE_KEY";

    /// <summary><c>backup-core create</c> of a database.</summary>
    public static ToolCommand Create(string database, string folder, params string[] options) =>
        Run(["create", "--to", folder, .. options], (DatabaseVariable, database));

    /// <summary><c>backup-core create</c> of files: a folder, or a server with its key.</summary>
    public static ToolCommand CreateFromStorage(string storage, string? key, string folder, params string[] options) =>
        Run(["create", "--storage", storage, "--to", folder, .. options], (StorageKeyVariable, key));

    /// <summary><c>backup-core restore</c> of the latest backup.</summary>
    public static ToolCommand Restore(string backups, string database, params string[] options) =>
        Run(["restore", "latest", "--from", backups, .. options], (DatabaseVariable, database));

    /// <summary>The words that choose a codec and level, and two jobs, as the programs compared with have.</summary>
    public static string[] TwoJobs(string codec, int level) =>
        ["--codec", codec, "--level", level.ToString(CultureInfo.InvariantCulture), "--jobs", "2"];

    private static ToolCommand Run(string[] arguments, (string Name, string? Value) variable) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, "backup-core.dll"), .. arguments])
        {
            Variables = new Dictionary<string, string?> { [variable.Name] = variable.Value },
        };
}
