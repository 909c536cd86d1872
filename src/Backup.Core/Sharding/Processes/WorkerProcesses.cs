using Backup.Core.Pipeline;
using Backup.Core.Sharding.Planning;
using Microsoft.Extensions.Options;

namespace Backup.Core.Sharding.Processes;

/// <summary>Divides the runs of a pipeline among several processes of one machine.</summary>
public static class WorkerProcesses
{
    /// <summary>
    /// Has processes copy the rows and objects of each run. The run itself holds the snapshot and the locks, reads the schema, hands the work
    /// out in parts, takes over what a process leaves that ends before its time, and commits the backup.
    /// </summary>
    /// <param name="builder">A builder whose database, store and sink the processes have too.</param>
    /// <param name="options">The processes. Settings of the pipeline that are given by number, such as
    /// <see cref="BackupOptions.Connections"/> and <see cref="BackupOptions.MemoryBudgetBytes"/>, are each one's; what is automatic is divided.</param>
    /// <returns>The builder. Its runs cannot be suspended or resumed.</returns>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static BackupPipelineBuilder UseWorkerProcesses(this BackupPipelineBuilder builder, WorkerProcessOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        return builder.UseDistribution(new ShardDistribution(new ProcessPool(options), ShardSizes.Default));
    }

    /// <summary>Makes what a worker process runs.</summary>
    /// <param name="builder">A builder with the database, store and sink of the run. Its settings do not count, but for a compressor object.</param>
    /// <returns>The worker.</returns>
    /// <exception cref="InvalidOperationException">Neither a database nor an object store was set, or no sink.</exception>
    /// <exception cref="OptionsValidationException">Settings are invalid; every one that is wrong is named.</exception>
    public static BackupWorker BuildWorker(this BackupPipelineBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return new BackupWorker(builder.ToParts(), builder.Compressor);
    }
}
