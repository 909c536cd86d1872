using System.CommandLine;
using Backup.Core.Pipeline;
using Backup.Core.Sharding.Processes;

namespace Backup.Cli.Commands;

/// <summary>The option of <c>create</c> that divides the work among several processes of this tool.</summary>
internal sealed class WorkersOption
{
    private readonly Option<int?> _workers = new("--workers")
    {
        Description = $"Copy rows and files by so many processes, from 1 to {WorkerProcessOptions.MaxCount}. Default: by this one alone.",
        HelpName = "N",
    };

    /// <summary>Adds the option to a command, and the rule of what it cannot go with.</summary>
    public void AddTo(Command command, SuspendOptions suspend, IncrementalOptions incremental)
    {
        command.Add(_workers);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_workers) is null)
            {
                return;
            }

            if (result.GetValue(_workers) is not (>= 1 and <= WorkerProcessOptions.MaxCount))
            {
                result.AddError($"--workers is a number from 1 to {WorkerProcessOptions.MaxCount}.");
            }
            else if (incremental.IsGiven(result))
            {
                result.AddError("--workers does not go with --incremental: what workers copy is always a full backup.");
            }
            else if (suspend.IsAnyGiven(result))
            {
                result.AddError("--workers does not go with --time-budget, --resume or --resumable: what workers have copied cannot be taken up again.");
            }
        });
    }

    /// <summary>Gives a pipeline its workers, if they are asked for.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="line">The command line.</param>
    /// <param name="location">Where the backups are kept.</param>
    /// <param name="database">The connection string; <see langword="null"/> without a database.</param>
    /// <param name="storage">The store.</param>
    public void Apply(BackupPipelineBuilder builder, ParseResult line, string location, string? database, StorageOptions storage)
    {
        if (line.GetValue(_workers) is not { } count)
        {
            return;
        }

        var (program, arguments) = WorkerCommand.Call(location, storage.Location(line));
        builder.UseWorkerProcesses(new WorkerProcessOptions
        {
            Count = count,
            FileName = program,
            Arguments = arguments,

            // In the environment no process list shows them.
            Environment = new Dictionary<string, string?>
            {
                [CommonOptions.DatabaseVariable] = database,
                [StorageOptions.KeyVariable] = storage.Key(line),
            },
        });
    }
}
