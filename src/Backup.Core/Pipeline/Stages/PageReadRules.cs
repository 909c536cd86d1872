using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline.Stages;

/// <summary>How pages are read.</summary>
/// <param name="PageBytes">The raw size at which an entry of a relation that is read whole ends, at the next end of a row.</param>
/// <param name="ContinueOnTableFailure">Whether a table that cannot be read is left out instead of failing the run.</param>
/// <param name="Logger">Told of such tables.</param>
internal sealed record PageReadRules(long PageBytes, bool ContinueOnTableFailure, ILogger Logger);
