using Backup.Core.Pipeline.Distribution;
using Backup.Core.Sharding.Execution;

namespace Backup.Core.Sharding.Processes;

/// <summary>One line of JSON between a coordinator and a worker process. One property is set.</summary>
internal sealed record WorkerMessage
{
    /// <summary>Worker: it is ready. The program and version; a coordinator works only with its own.</summary>
    public string? Ready { get; init; }

    /// <summary>Coordinator: do this shard.</summary>
    public ShardOrder? Order { get; init; }

    /// <summary>Worker: give a file its number.</summary>
    public NumberedFile? Wants { get; init; }

    /// <summary>Coordinator: the number.</summary>
    public int? Number { get; init; }

    /// <summary>Worker: so much is copied of the shard.</summary>
    public WorkerCounts? Counts { get; init; }

    /// <summary>Worker: the shard is durable.</summary>
    public ShardResult? Result { get; init; }

    /// <summary>Worker: the shard could not be done, and nothing is left of it.</summary>
    public ShardFault? Fault { get; init; }
}

/// <summary>What a number is wanted for.</summary>
internal enum NumberedFile
{
    /// <summary>A volume.</summary>
    Volume,

    /// <summary>A part of the index.</summary>
    IndexPart,
}
