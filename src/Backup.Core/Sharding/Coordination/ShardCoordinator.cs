using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.Pipeline.Distribution;
using Backup.Core.Sharding.Planning;
using Backup.Core.Sharding.Execution;

namespace Backup.Core.Sharding.Coordination;

/// <summary>Hands a run's shards to workers, takes those of lost workers over, and gathers what they have made durable.</summary>
/// <remarks>
/// Each worker has a loop of its own, which takes the largest shard that waits. A shard whose attempt failed waits again, and whoever is
/// free makes the next one. The queue has room for all shards, so nobody waits to put one back; it ends when the last one is dealt with.
/// </remarks>
internal sealed class ShardCoordinator(DistributedWork work, WorkerPool pool, ShardSizes sizes) : WorkerLane
{
    /// <summary>How often a shard is tried at the most.</summary>
    public const int MaxAttempts = 3;

    private readonly ShardFiles _files = new(work.Parts.Sink, work.Id, work.Parts.Logger);
    private readonly ShardTally _tally = new(work);
    private readonly Lock _gate = new();

    // Under _gate.
    private readonly List<ShardAttempt> _attempts = [];
    private ExceptionDispatchInfo? _fault;
    private int _waiting;

    private bool _isComplete;
    private bool _isDelivered;

    /// <inheritdoc/>
    public override bool IsComplete => _isComplete;

    /// <inheritdoc/>
    public override async Task RunAsync(ChannelWriter<TablePart>? left, CancellationToken cancellationToken)
    {
        var plan = await ShardPlanner.PlanAsync(work, sizes, pool.Count, cancellationToken).ConfigureAwait(false);
        ThrowUnlessShared(plan);
        work.Parts.Logger.ShardsPlanned(work.Id.Value, plan.Shards.Count, pool.Count);
        _tally.Announce(plan);
        if (plan.Shards.Count > 0)
        {
            await RunAsync(plan, left, cancellationToken).ConfigureAwait(false);
        }

        work.Progress.Objects.CompleteListing();
        _isComplete = true;
    }

    /// <inheritdoc/>
    public override void Deliver(ArchiveWriter archive)
    {
        work.Progress.AdoptElsewhere();
        foreach (var contents in _tally.Contents)
        {
            archive.Adopt(contents);
        }

        _isDelivered = true;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        // The workers have ended with RunAsync.
        foreach (var attempt in _isDelivered ? [] : _attempts)
        {
            await _files.DeleteAsync(attempt).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(ShardPlan plan, ChannelWriter<TablePart>? left, CancellationToken cancellationToken)
    {
        var queue = Channel.CreateBounded<WaitingShard>(plan.Shards.Count);
        _waiting = plan.Shards.Count;
        foreach (var shard in plan.Shards)
        {
            queue.Writer.TryWrite(new WaitingShard(shard, 1));
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loops = Enumerable.Range(1, Math.Min(pool.Count, plan.Shards.Count)).Select(async number =>
        {
            try
            {
                await WorkAsync(number, plan, queue, left, stop.Token).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                await FailAsync(exception, stop).ConfigureAwait(false);
            }
        });
        await Task.WhenAll(loops.ToList()).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        _fault?.Throw();
    }

    // The first fault wins: what follows from the stop is dropped.
    private async Task FailAsync(Exception exception, CancellationTokenSource stop)
    {
        lock (_gate)
        {
            if (_fault is not null || stop.IsCancellationRequested)
            {
                return;
            }

            _fault = ExceptionDispatchInfo.Capture(exception);
        }

        await stop.CancelAsync().ConfigureAwait(false);
    }

    private async Task WorkAsync(
        int number, ShardPlan plan, Channel<WaitingShard> queue, ChannelWriter<TablePart>? left, CancellationToken cancellationToken)
    {
        WorkerLink? link = null;
        try
        {
            await foreach (var waiting in queue.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                var attempt = Begin(waiting);
                ShardFault? fault;
                try
                {
                    link ??= await pool.StartAsync(number, cancellationToken).ConfigureAwait(false);
                    fault = await AttemptAsync(link, plan, attempt, cancellationToken).ConfigureAwait(false);
                }
                catch (WorkerException lost)
                {
                    // What it was writing may only be deleted when it has ended.
                    if (link is not null)
                    {
                        await link.DisposeAsync().ConfigureAwait(false);
                        link = null;
                    }

                    work.Parts.Logger.WorkerLost(number, lost.Message);
                    fault = ShardFault.Of(lost) with { IsTransient = true };
                }

                await SettleAsync(attempt, fault, queue, left, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            if (link is not null)
            {
                await link.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private ShardAttempt Begin(WaitingShard waiting)
    {
        var attempt = new ShardAttempt(waiting.Shard, waiting.Attempt, work.Job.Archive.Numbers, work.Progress);
        lock (_gate)
        {
            _attempts.Add(attempt);
        }

        return attempt;
    }

    // Null when the shard is done.
    private async Task<ShardFault?> AttemptAsync(WorkerLink link, ShardPlan plan, ShardAttempt attempt, CancellationToken cancellationToken)
    {
        _tally.BeginReading(attempt.Shard);
        try
        {
            var answer = await link.ExecuteAsync(OrderOf(plan, attempt), attempt, cancellationToken).ConfigureAwait(false);
            if (answer.Result is not { } result)
            {
                return answer.Fault ?? new ShardFault { Kind = ShardFaultKind.Other, Message = "It gave no answer." };
            }

            if (attempt.FindFault(result) is { } fault)
            {
                throw new WorkerException($"The worker {fault} when it was to do {attempt.Shard}.") { Subject = work.Id.Value };
            }

            attempt.Close(result.Counts);
            _tally.Add(attempt.Shard, result);
            return null;
        }
        finally
        {
            _tally.EndReading(attempt.Shard);
        }
    }

    private async Task SettleAsync(
        ShardAttempt attempt, ShardFault? fault, Channel<WaitingShard> queue, ChannelWriter<TablePart>? left, CancellationToken cancellationToken)
    {
        if (fault is not null)
        {
            attempt.Close(default);
            await _files.DeleteAsync(attempt).ConfigureAwait(false);
            if (fault.IsLockConflict && left is not null && attempt.Shard.Tables.Count > 0)
            {
                // Only this process holds the locks: it reads these pages itself.
                work.Parts.Logger.ShardLeft(attempt.Shard, fault.Message);
                foreach (var part in _tally.PartsOf(attempt.Shard))
                {
                    await left.WriteAsync(part, cancellationToken).ConfigureAwait(false);
                }
            }
            else if (!fault.IsTransient || attempt.Number == MaxAttempts)
            {
                throw fault.ToException();
            }
            else
            {
                work.Parts.Logger.ShardTakenOver(attempt.Shard, attempt.Number + 1, fault.Message);
                queue.Writer.TryWrite(new WaitingShard(attempt.Shard, attempt.Number + 1));
                return;
            }
        }

        if (Interlocked.Decrement(ref _waiting) == 0)
        {
            queue.Writer.TryComplete();
        }
    }

    private ShardOrder OrderOf(ShardPlan plan, ShardAttempt attempt) => new()
    {
        Run = work.Id,
        Shard = attempt.Shard,
        Attempt = attempt.Number,
        Snapshot = plan.Snapshot,
        Listing = plan.Listing,
        Prefix = plan.Prefix,
        Options = work.Parts.Divided!.Worker,
        AllowsFailedTables = !work.Request.Failures.Tables.IsFailFast,
        AllowsFailedObjects = !work.Request.Failures.Objects.IsFailFast,
    };

    private void ThrowUnlessShared(ShardPlan plan)
    {
        if (work.Job.Sources.Snapshot is not null && plan.Snapshot is null)
        {
            throw new DatabaseException("The database does not share its snapshot with other connections, so workers cannot read it.")
            {
                Subject = work.Parts.Description,
                Category = ErrorCategory.Refused,
                Hint = "Run the backup without workers.",
            };
        }
    }

    /// <summary>A shard that waits for a worker.</summary>
    /// <param name="Shard">The shard.</param>
    /// <param name="Attempt">The number of the attempt that it waits for.</param>
    private readonly record struct WaitingShard(Shard Shard, int Attempt);
}
