using Backup.Core.Archives;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Catalog.Retention;

/// <summary>What a prune writes to the log.</summary>
internal static partial class PruneLog
{
    /// <summary>A backup is gone.</summary>
    [LoggerMessage(EventId = 450, Level = LogLevel.Information, Message = "Removed backup {Id} from {Location}: {Bytes} bytes")]
    public static partial void BackupRemoved(this ILogger logger, BackupId id, string location, long bytes);

    /// <summary>A backup was needed after all.</summary>
    [LoggerMessage(EventId = 451, Level = LogLevel.Information, Message = "Backup {Id} was to be removed and stays: {Reason}")]
    public static partial void BackupSpared(this ILogger logger, BackupId id, PruneReason reason);

    /// <summary>What an earlier prune had left is gone.</summary>
    [LoggerMessage(EventId = 452, Level = LogLevel.Information, Message = "Removed what an interrupted prune had left of backup {Id}: {Bytes} bytes")]
    public static partial void PruneFinished(this ILogger logger, BackupId id, long bytes);

    /// <summary>A backup could not be removed.</summary>
    [LoggerMessage(EventId = 453, Level = LogLevel.Warning, Message = "Backup {Id} could not be removed, or not wholly; the next prune tries again: {Reason}")]
    public static partial void RemovalFailed(this ILogger logger, BackupId id, string reason);
}
