using Microsoft.Extensions.Logging;

namespace Backup.Core.Diagnostics;

/// <summary>What a run says about the backups that it builds on.</summary>
internal static partial class IncrementalLog
{
    /// <summary>The run builds on another backup.</summary>
    [LoggerMessage(EventId = 140, Level = LogLevel.Information, Message = "Backup {Id} is incremental and builds on {Parent}: number {Chain} of its chain")]
    public static partial void BuildsOn(this ILogger logger, string id, string parent, int chain);

    /// <summary>The run was to be incremental and there is nothing yet that it could build on.</summary>
    [LoggerMessage(EventId = 141, Level = LogLevel.Information, Message = "Backup {Id} is a full one: {Reason}")]
    public static partial void BeginsChain(this ILogger logger, string id, string reason);

    /// <summary>The run was to be incremental and cannot build on what is there.</summary>
    [LoggerMessage(EventId = 142, Level = LogLevel.Warning, Message = "Backup {Id} becomes a full one: {Reason}")]
    public static partial void BecomesFull(this ILogger logger, string id, string reason);

    /// <summary>A newer backup than the one that the run builds on cannot serve.</summary>
    [LoggerMessage(EventId = 143, Level = LogLevel.Warning, Message = "Backup {Id} does not build on {Other}, which {Reason}")]
    public static partial void PassedOver(this ILogger logger, string id, string other, string reason);

    /// <summary>The catalogs are read, because the schema that the parent has of them cannot be.</summary>
    [LoggerMessage(EventId = 144, Level = LogLevel.Warning, Message = "The schema in backup {Parent} cannot be used, so the catalogs are read: {Reason}")]
    public static partial void ParentSchemaUnreadable(this ILogger logger, string parent, string reason);
}
