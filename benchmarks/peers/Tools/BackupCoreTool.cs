using System.Globalization;
using System.Runtime.InteropServices;
using Backup.TestKit.Tools;

namespace Backup.Core.Peers.Tools;

/// <summary>The tool of this repository, run as a process of its own.</summary>
internal sealed class BackupCoreTool
{
    private const string Project = "src/Backup.Cli";

    private const string DatabaseVariable = "BACKUP_DATABASE";
    private const string StorageKeyVariable = "BACKUP_STORAGE_KEY";

    private static readonly TimeSpan BuildTimeLimit = TimeSpan.FromMinutes(15);

    private readonly string[] _command;

    private BackupCoreTool(params string[] command) => _command = command;

    /// <summary>The program as dotnet runs it, compiled anew by each run.</summary>
    public static BackupCoreTool RunByDotnet { get; } = new("dotnet", Path.Combine(AppContext.BaseDirectory, "backup-core.dll"));

    /// <summary>Builds the native program, as users get it, unless it is there already; run in the repository's root.</summary>
    /// <exception cref="ToolException">It cannot be built: it needs clang or gcc, and zlib's headers.</exception>
    public static async Task<BackupCoreTool> BuildAsync(CancellationToken cancellationToken)
    {
        var output = Path.Combine(AppContext.BaseDirectory, "tool");
        var publish = new ToolCommand(
            "dotnet", "publish", Project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", output, "--nologo")
        {
            TimeLimit = BuildTimeLimit,
        };
        (await ExternalTool.RunAsync(publish, cancellationToken)).EnsureSuccess();
        return new BackupCoreTool(Path.Combine(output, "backup-core"));
    }

    /// <summary><c>backup-core create</c> of a database.</summary>
    public ToolCommand Create(string database, string folder, params string[] options) =>
        Run(["create", "--to", folder, .. options], (DatabaseVariable, database));

    /// <summary><c>backup-core create</c> of files, from a folder or from a server with its key, and of the database that lists them,
    /// where there is one.</summary>
    public ToolCommand CreateFromStorage(string storage, string? key, string folder, string[] options, string? database = null) =>
        Run(
            ["create", "--storage", storage, "--to", folder, .. options],
            (StorageKeyVariable, key),
            (DatabaseVariable, database));

    /// <summary><c>backup-core restore</c> of the latest backup.</summary>
    public ToolCommand Restore(string backups, string database, params string[] options) =>
        Run(["restore", "latest", "--from", backups, .. options], (DatabaseVariable, database));

    /// <summary><c>backup-core merge</c> of the latest backup.</summary>
    public ToolCommand Merge(string backups) => Run(["merge", "latest", "--from", backups]);

    /// <summary>The words that choose a codec and level, and two jobs, as the programs compared with have.</summary>
    public static string[] TwoJobs(string codec, int level) =>
        ["--codec", codec, "--level", level.ToString(CultureInfo.InvariantCulture), "--jobs", "2"];

    private ToolCommand Run(string[] arguments, params (string Name, string? Value)[] variables) =>
        new(_command[0], [.. _command[1..], .. arguments])
        {
            Variables = variables.ToDictionary(variable => variable.Name, variable => variable.Value),
        };
}
