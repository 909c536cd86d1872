using Backup.Core.Compression;
using Backup.Core.Pipeline.Failures;
using Backup.Core.Pipeline.Suspension;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>How pages are read.</summary>
/// <param name="Compressor">What packs the rows.</param>
/// <param name="PageBytes">The raw size at which an entry of a relation that is read whole ends, at the next end of a row.</param>
/// <param name="IsPreview">Whether entries are compared with the parent's, and none is stored.</param>
/// <param name="Failures">Told of tables that cannot be read; says whether the run goes on without them.</param>
/// <param name="Retries">Tries pages again that failed for a passing reason.</param>
/// <param name="Deadline">When no further page is begun.</param>
/// <param name="ItemLimit">How long the reading of one page may take; <see langword="null"/> for as long as it takes.</param>
/// <param name="TimeProvider">The clock.</param>
/// <param name="Logger">Told of readers that are lost.</param>
internal sealed record PageReadRules(
    ICompressor Compressor,
    long PageBytes,
    bool IsPreview,
    TableFailures Failures,
    Retries Retries,
    RunDeadline Deadline,
    TimeSpan? ItemLimit,
    TimeProvider TimeProvider,
    ILogger Logger);
