using Microsoft.Extensions.Logging;

namespace Backup.Core.Diagnostics;

/// <summary>What a run logs of its host and of the memory that it takes.</summary>
internal static partial class HostLog
{
    /// <summary>What the host offers, each value with its source.</summary>
    [LoggerMessage(EventId = 130, Level = LogLevel.Information, Message = "Backup {Id} runs on this host: {Host}")]
    public static partial void HostFound(this ILogger logger, string id, string host);

    /// <summary>The process takes more memory than the low watermark, for the first time in the run.</summary>
    [LoggerMessage(EventId = 131, Level = LogLevel.Information, Message = "Backup {Id} reads less at once while the process takes more than {WatermarkBytes} bytes of memory; it takes {Bytes}")]
    public static partial void MemoryAboveLowWatermark(this ILogger logger, string id, long bytes, long watermarkBytes);

    /// <summary>The process takes more memory than the high watermark, for the first time in the run.</summary>
    [LoggerMessage(EventId = 132, Level = LogLevel.Information, Message = "Backup {Id} gives buffers back and compacts memory, as the process takes {Bytes} bytes and {WatermarkBytes} is the watermark")]
    public static partial void MemoryAboveHighWatermark(this ILogger logger, string id, long bytes, long watermarkBytes);
}
