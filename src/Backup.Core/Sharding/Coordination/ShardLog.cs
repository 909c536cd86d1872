using Backup.Core.Sharding.Planning;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Sharding.Coordination;

/// <summary>What is logged of workers and their shards.</summary>
internal static partial class ShardLog
{
    /// <summary>The run is divided.</summary>
    [LoggerMessage(EventId = 150, Level = LogLevel.Information, Message = "Backup {Id} is divided into {Shards} shards for {Workers} workers")]
    public static partial void ShardsPlanned(this ILogger logger, string id, int shards, int workers);

    /// <summary>A worker is gone.</summary>
    [LoggerMessage(EventId = 151, Level = LogLevel.Warning, Message = "Worker {Number} is lost: {Reason}")]
    public static partial void WorkerLost(this ILogger logger, int number, string reason);

    /// <summary>A shard is done again.</summary>
    [LoggerMessage(EventId = 152, Level = LogLevel.Warning, Message = "Taking over {Shard}, attempt {Attempt}: {Reason}")]
    public static partial void ShardTakenOver(this ILogger logger, Shard shard, int attempt, string reason);

    /// <summary>A shard comes back to the run itself.</summary>
    [LoggerMessage(EventId = 153, Level = LogLevel.Information, Message = "The run reads {Shard} itself: {Reason}")]
    public static partial void ShardLeft(this ILogger logger, Shard shard, string reason);
}
