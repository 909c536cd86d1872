using Microsoft.Extensions.Logging;

namespace Backup.Core.Diagnostics;

/// <summary>What a backup run logs.</summary>
internal static partial class PipelineLog
{
    /// <summary>The run begins.</summary>
    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "Backup {Id} of {Source} to {Location} begins")]
    public static partial void RunStarted(this ILogger logger, string id, string source, string location);

    /// <summary>What the automatic settings became.</summary>
    [LoggerMessage(EventId = 101, Level = LogLevel.Information, Message = "Backup {Id} works with {Settings}")]
    public static partial void ResourcesPlanned(this ILogger logger, string id, string settings);

    /// <summary>The snapshot stands.</summary>
    [LoggerMessage(EventId = 102, Level = LogLevel.Information, Message = "Backup {Id} shows database {Database} as of {SnapshotAt:O}, {Tables} tables")]
    public static partial void SnapshotOpened(this ILogger logger, string id, string database, DateTimeOffset snapshotAt, int tables);

    /// <summary>A table is left out.</summary>
    [LoggerMessage(EventId = 103, Level = LogLevel.Error, Message = "Table {Table} could not be read and is left out of the backup")]
    public static partial void TableFailed(this ILogger logger, string table, Exception exception);

    /// <summary>The run is committed.</summary>
    [LoggerMessage(EventId = 104, Level = LogLevel.Information, Message = "Backup {Id} is committed: {Rows} rows, {Objects} objects, {RawBytes} bytes in {StoredBytes} stored, {Failures} failures, {Elapsed}")]
    public static partial void RunCommitted(
        this ILogger logger, string id, long rows, long objects, long rawBytes, long storedBytes, int failures, TimeSpan elapsed);

    /// <summary>The run failed; what it left behind, if anything, was logged before.</summary>
    [LoggerMessage(EventId = 105, Level = LogLevel.Error, Message = "Backup {Id} failed; what it wrote is deleted, except files that a warning before this names and what a resumable run has made durable")]
    public static partial void RunFailed(this ILogger logger, string id, Exception exception);

    /// <summary>The run was cancelled; what it left behind, if anything, was logged before.</summary>
    [LoggerMessage(EventId = 106, Level = LogLevel.Warning, Message = "Backup {Id} was cancelled; what it wrote is deleted, except files that a warning before this names and what a resumable run has made durable")]
    public static partial void RunCancelled(this ILogger logger, string id);

    /// <summary>Something could not be closed; what the caller is told is what happened before.</summary>
    [LoggerMessage(EventId = 107, Level = LogLevel.Warning, Message = "Closing the {Subject} failed")]
    public static partial void CleanUpFailed(this ILogger logger, string subject, Exception exception);

    /// <summary>The caller's progress receiver threw.</summary>
    [LoggerMessage(EventId = 108, Level = LogLevel.Warning, Message = "The receiver of progress failed and is told nothing more")]
    public static partial void ProgressReceiverFailed(this ILogger logger, Exception exception);

    /// <summary>A reader's connection is gone while the snapshot stands.</summary>
    [LoggerMessage(EventId = 109, Level = LogLevel.Warning, Message = "Reader {Number} lost its connection; the others go on")]
    public static partial void ReaderLost(this ILogger logger, int number);

    /// <summary>A run that ended early could not delete what it had written.</summary>
    [LoggerMessage(EventId = 110, Level = LogLevel.Warning, Message = "Backup {Id} could not delete {Files}; if the manifest is among them it may be a whole backup, otherwise it is none")]
    public static partial void FilesLeft(this ILogger logger, string id, string files, Exception exception);

    /// <summary>The buckets are found.</summary>
    [LoggerMessage(EventId = 111, Level = LogLevel.Information, Message = "Backup {Id} copies {Buckets} buckets of {Location}, listed by the {Method}, {Transfers} objects at once")]
    public static partial void BucketsFound(this ILogger logger, string id, int buckets, string location, string method, int transfers);

    /// <summary>Something is tried again.</summary>
    [LoggerMessage(EventId = 115, Level = LogLevel.Warning, Message = "Trying again, attempt {Attempt} at {Action}: {Reason}")]
    public static partial void TriedAgain(this ILogger logger, string action, int attempt, string reason);

    /// <summary>Something of the database is left out, as no backup can hold it.</summary>
    [LoggerMessage(EventId = 116, Level = LogLevel.Warning, Message = "Backup {Id} lacks {Subject}: {Reason}")]
    public static partial void UnsupportedLeftOut(this ILogger logger, string id, string subject, string reason);

    /// <summary>An object is left out.</summary>
    [LoggerMessage(EventId = 112, Level = LogLevel.Error, Message = "Object {Subject} is left out of the backup: {Reason}")]
    public static partial void ObjectFailed(this ILogger logger, string subject, string reason);

    /// <summary>The settings of the run; none of them is a secret.</summary>
    [LoggerMessage(EventId = 113, Level = LogLevel.Information, Message = "Backup {Id} runs with {Options}")]
    public static partial void OptionsInForce(this ILogger logger, string id, string options);

    /// <summary>How a run went that was committed or suspended.</summary>
    [LoggerMessage(EventId = 114, Level = LogLevel.Information, Message = "Backup {Id} read {BytesPerSecond:F0} bytes a second, left out {ErrorRate:P2} of all items, tried {Retries} times again and held at the most {PeakBufferBytes} bytes in buffers; the process took at the most {PeakWorkingSetBytes} bytes, {PeakManagedBytes} of them managed")]
    public static partial void RunMeasured(
        this ILogger logger,
        string id,
        double bytesPerSecond,
        double errorRate,
        long retries,
        long peakBufferBytes,
        long peakWorkingSetBytes,
        long peakManagedBytes);

    /// <summary>The time budget ended the run; a later part goes on.</summary>
    [LoggerMessage(EventId = 120, Level = LogLevel.Information, Message = "Backup {Id} is suspended in part {Part} after {Elapsed}: {Rows} rows and {Objects} objects are kept; {TablesLeft} tables are left, objects too: {HasObjectsLeft}")]
    public static partial void RunSuspended(
        this ILogger logger, string id, int part, TimeSpan elapsed, long rows, long objects, int tablesLeft, bool hasObjectsLeft);

    /// <summary>An earlier run goes on.</summary>
    [LoggerMessage(EventId = 121, Level = LogLevel.Information, Message = "Backup {Id} goes on with part {Part}: {Tables} tables and {Objects} objects are stored already")]
    public static partial void RunResumed(this ILogger logger, string id, int part, int tables, long objects);

    /// <summary>What a run left that crashed, or was never resumed, is removed.</summary>
    [LoggerMessage(EventId = 122, Level = LogLevel.Information, Message = "Backup {Id} removed the unfinished run {Other} with {Volumes} volumes and {Bytes} bytes")]
    public static partial void AbandonedRunRemoved(this ILogger logger, string id, string other, int volumes, long bytes);
}
