using Backup.Core.Archives;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Restore;

/// <summary>What a restore writes to the log.</summary>
internal static partial class RestoreLog
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Restoring backup {Backup} into {Target}: {Objects} objects, {Tables} tables, {Connections} connections")]
    public static partial void Begins(ILogger logger, BackupId backup, string target, int objects, int tables, int connections);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Kind} {Subject} could not be restored: {Reason}")]
    public static partial void ItemFailed(ILogger logger, string kind, string subject, string reason);
}
