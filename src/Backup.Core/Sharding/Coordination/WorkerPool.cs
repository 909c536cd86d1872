using Backup.Core.Errors;
using Backup.Core.Sharding.Execution;

namespace Backup.Core.Sharding.Coordination;

/// <summary>Where workers come from: processes of this machine, or in tests calls of this process.</summary>
internal abstract class WorkerPool
{
    /// <summary>How many workers there are to be at a time.</summary>
    public abstract int Count { get; }

    /// <summary>Starts a worker.</summary>
    /// <param name="number">Its number, from 1; that of one that was lost is given again.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="WorkerException">It cannot be started.</exception>
    public abstract Task<WorkerLink> StartAsync(int number, CancellationToken cancellationToken);
}

/// <summary>The way to one worker, which does one shard at a time. For one caller.</summary>
internal abstract class WorkerLink : IAsyncDisposable
{
    /// <summary>Has a shard done.</summary>
    /// <param name="order">The order.</param>
    /// <param name="calls">Answers the worker meanwhile.</param>
    /// <param name="cancellationToken">Gives the worker up.</param>
    /// <returns>What the worker answered: a worker that failed has taken back what it wrote, and can do another shard.</returns>
    /// <exception cref="WorkerException">The worker is lost, and what it wrote may be there.</exception>
    public abstract Task<ShardAnswer> ExecuteAsync(ShardOrder order, ShardCalls calls, CancellationToken cancellationToken);

    /// <summary>Ends the worker. When it has ended nothing more is written.</summary>
    public abstract ValueTask DisposeAsync();
}

/// <summary>How an attempt at a shard has ended: one of the two is set.</summary>
/// <param name="Result">What is durable.</param>
/// <param name="Fault">Why it failed.</param>
internal readonly record struct ShardAnswer(ShardResult? Result, ShardFault? Fault);
