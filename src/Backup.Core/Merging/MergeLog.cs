using Backup.Core.Archives;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Merging;

/// <summary>What a merge writes to the log.</summary>
internal static partial class MergeLog
{
    /// <summary>A merge has begun.</summary>
    [LoggerMessage(EventId = 500, Level = LogLevel.Information, Message = "Merging backup {Source} into {Id}: {Entries} entries and {StoredBytes} bytes to copy")]
    public static partial void Merging(this ILogger logger, BackupId source, BackupId id, long entries, long storedBytes);

    /// <summary>A merge is done.</summary>
    [LoggerMessage(EventId = 501, Level = LogLevel.Information, Message = "Merged backup {Source} into {Id}: {Entries} entries and {CopiedBytes} bytes copied in {Elapsed}")]
    public static partial void Merged(this ILogger logger, BackupId source, BackupId id, long entries, long copiedBytes, TimeSpan elapsed);

    /// <summary>There was nothing to be done.</summary>
    [LoggerMessage(EventId = 502, Level = LogLevel.Information, Message = "Backup {Source} was not merged: {Outcome}, {Id} holds all of it")]
    public static partial void NotMerged(this ILogger logger, BackupId source, MergeOutcome outcome, BackupId id);

    /// <summary>What a failed merge had written could not all be deleted.</summary>
    [LoggerMessage(EventId = 503, Level = LogLevel.Warning, Message = "Of the merge into {Id}, which did not come to its end, files may have stayed: {Files}")]
    public static partial void FilesLeft(this ILogger logger, BackupId id, string files, Exception cause);

    /// <summary>Something that abandoned runs left could not be removed.</summary>
    [LoggerMessage(EventId = 504, Level = LogLevel.Warning, Message = "What abandoned runs left could not all be removed")]
    public static partial void CleanUpFailed(this ILogger logger, Exception cause);
}
