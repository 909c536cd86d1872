using Backup.Core.Archives;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Restore;

/// <summary>What a restore writes to the log.</summary>
internal static partial class RestoreLog
{
    [LoggerMessage(EventId = 200, Level = LogLevel.Information,
        Message = "Restoring backup {Backup} into {Target}: {Objects} objects, {Tables} tables, {Connections} connections")]
    public static partial void Begins(ILogger logger, BackupId backup, string target, int objects, int tables, int connections);

    [LoggerMessage(EventId = 201, Level = LogLevel.Information,
        Message = "Restoring backup {Backup} into {Store}: {Objects} stored objects of {Buckets} buckets, {Transfers} at once")]
    public static partial void BeginsFiles(ILogger logger, BackupId backup, string store, long objects, int buckets, int transfers);

    [LoggerMessage(EventId = 202, Level = LogLevel.Warning, Message = "Going on with {Connections} connections, as no more can be had: {Reason}")]
    public static partial void FewerConnections(ILogger logger, int connections, string reason);

    [LoggerMessage(EventId = 203, Level = LogLevel.Warning, Message = "{Notice}")]
    public static partial void Notice(ILogger logger, string notice);

    [LoggerMessage(EventId = 204, Level = LogLevel.Error, Message = "{Kind} {Subject} could not be restored: {Reason}")]
    public static partial void ItemFailed(ILogger logger, string kind, string subject, string reason);

    /// <summary>Logs what failed and what is worth knowing.</summary>
    public static void Ended(ILogger logger, RestoreTracker tracker)
    {
        foreach (var failure in tracker.Failures)
        {
            ItemFailed(logger, failure.Kind, failure.Subject, failure.Reason);
        }

        foreach (var notice in tracker.Notices)
        {
            Notice(logger, notice);
        }
    }
}
