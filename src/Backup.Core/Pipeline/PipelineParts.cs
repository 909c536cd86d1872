using Backup.Core.Compression;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Sinks;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline;

/// <summary>What a pipeline was built from; shared by its runs.</summary>
/// <param name="Source">Where rows come from.</param>
/// <param name="Sink">Where backups are kept.</param>
/// <param name="Compressor">What packs.</param>
/// <param name="Options">The validated settings.</param>
/// <param name="Logger">What is told of the runs.</param>
/// <param name="TimeProvider">The clock.</param>
internal sealed record PipelineParts(
    RowSource Source,
    IBackupSink Sink,
    ICompressor Compressor,
    BackupOptions Options,
    ILogger Logger,
    TimeProvider TimeProvider);
