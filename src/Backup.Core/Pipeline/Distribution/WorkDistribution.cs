using Backup.Core.Archives;
using Backup.Core.Pipeline.Failures;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Distribution;

/// <summary>Has the rows and objects of a pipeline's runs copied by workers elsewhere, in place of the run's own stages.</summary>
internal abstract class WorkDistribution
{
    /// <summary>A pipeline's parts with workers, and with the settings divided among these.</summary>
    /// <param name="parts">The parts with the caller's settings.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The settings are too small to be divided.</exception>
    public PipelineParts Apply(PipelineParts parts)
    {
        var divided = Divide(parts);
        return parts with { Options = divided.Own, Divided = divided, Distribution = this };
    }

    /// <summary>Prepares the work of one run. Nothing is started before its stages are.</summary>
    /// <param name="work">The run.</param>
    public abstract WorkerLane Begin(DistributedWork work);

    /// <summary>Divides the settings.</summary>
    /// <param name="parts">The parts with the caller's settings.</param>
    protected abstract DividedOptions Divide(PipelineParts parts);
}

/// <summary>What a run has for its workers.</summary>
/// <param name="Id">The backup.</param>
/// <param name="Parts">The run's parts, with the guards around them.</param>
/// <param name="Request">What is backed up.</param>
/// <param name="Plan">The run's own sizes.</param>
/// <param name="Job">The sources, the archive, the tables and buckets.</param>
/// <param name="Tables">Told of tables that failed; <see langword="null"/> without a database.</param>
/// <param name="Objects">Told of objects that failed.</param>
/// <param name="Progress">Told how far it is.</param>
internal sealed record DistributedWork(
    BackupId Id,
    PipelineParts Parts,
    BackupRequest Request,
    ResourcePlan Plan,
    CopyJob Job,
    TableFailures? Tables,
    ObjectFailures Objects,
    RunProgress Progress);
