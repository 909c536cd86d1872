using Backup.Core.Compression;
using Backup.Core.Diagnostics;
using Backup.Core.Hosting;
using Backup.Core.Pipeline.Distribution;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Sinks;
using Microsoft.Extensions.Logging;
using Polly;

namespace Backup.Core.Pipeline;

/// <summary>What a pipeline was built from; shared by its runs.</summary>
/// <param name="Source">Where rows come from; <see langword="null"/> to copy objects alone.</param>
/// <param name="Store">Where objects come from; <see langword="null"/> to copy rows alone.</param>
/// <param name="Sink">Where backups are kept.</param>
/// <param name="Compressor">What packs.</param>
/// <param name="Options">The validated settings.</param>
/// <param name="Logger">What is told of the runs.</param>
/// <param name="TimeProvider">The clock.</param>
internal sealed record PipelineParts(
    RowSource? Source,
    ObjectStoreSource? Store,
    IBackupSink Sink,
    ICompressor Compressor,
    BackupOptions Options,
    ILogger Logger,
    TimeProvider TimeProvider)
{
    /// <summary>What measures its runs.</summary>
    public BackupInstruments Instruments { get; init; } = BackupInstruments.For(null);

    /// <summary>The memory that its runs watch.</summary>
    public ProcessMemory Memory { get; init; } = RunningProcess.Instance;

    /// <summary>What decides how often something is tried again; <see langword="null"/> when the options say it.</summary>
    public ResiliencePipeline? Resilience { get; init; }

    /// <summary>What has its runs copied by workers; <see langword="null"/> where they copy themselves.</summary>
    public WorkDistribution? Distribution { get; init; }

    /// <summary>The settings as they are divided among the workers; <see langword="null"/> where there are none.</summary>
    public DividedOptions? Divided { get; init; }

    /// <summary>Makes the listing of a worker, of a part of the objects, out of the whole one; which it owns.</summary>
    public Func<ObjectListing, ObjectListing>? Narrow { get; init; }

    /// <summary>What its runs copy.</summary>
    public RunLanes Lanes => new(Source is not null, Store is not null);

    /// <summary>What its runs read, for people, without secrets.</summary>
    public string Description { get; } =
        string.Join(" and ", new[] { Source?.Description, Store?.Description }.Where(text => text is not null));
}
