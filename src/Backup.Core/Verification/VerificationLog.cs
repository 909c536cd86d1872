using Backup.Core.Archives;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Verification;

/// <summary>What a verification writes to the log.</summary>
internal static partial class VerificationLog
{
    /// <summary>Nothing is wrong.</summary>
    [LoggerMessage(EventId = 400, Level = LogLevel.Information, Message = "Backup {Id} is intact: {Entries} entries and {StoredBytes} bytes read in {Elapsed}")]
    public static partial void Intact(this ILogger logger, BackupId id, long entries, long storedBytes, TimeSpan elapsed);

    /// <summary>Something is wrong.</summary>
    [LoggerMessage(EventId = 401, Level = LogLevel.Error, Message = "Backup {Id} is damaged: {Findings} findings, the first in {Subject}: {Finding}")]
    public static partial void Damaged(this ILogger logger, BackupId id, long findings, string subject, string finding);

    /// <summary>Logs how a verification ended.</summary>
    public static void Ended(this ILogger logger, VerificationReport report)
    {
        if (report.IsIntact)
        {
            logger.Intact(report.Backup, report.Entries, report.StoredBytes, report.Duration);
            return;
        }

        var first = report.Findings[0];
        logger.Damaged(report.Backup, report.FindingsTotal, first.Subject, first.Message);
    }
}
