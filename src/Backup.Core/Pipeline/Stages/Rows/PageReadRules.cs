using Backup.Core.Compression;
using Backup.Core.Pipeline.Suspension;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>How pages are read.</summary>
/// <param name="Compressor">What packs the rows.</param>
/// <param name="PageBytes">The raw size at which an entry of a relation that is read whole ends, at the next end of a row.</param>
/// <param name="ContinueOnTableFailure">Whether a table that cannot be read is left out instead of failing the run.</param>
/// <param name="Deadline">When no further page is begun.</param>
/// <param name="Logger">Told of such tables.</param>
internal sealed record PageReadRules(
    ICompressor Compressor, long PageBytes, bool ContinueOnTableFailure, RunDeadline Deadline, ILogger Logger);
