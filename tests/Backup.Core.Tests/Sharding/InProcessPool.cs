using System.Text.Json;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Sharding.Coordination;
using Backup.Core.Sharding.Processes;
using Backup.Core.Sharding.Execution;

namespace Backup.Core.Tests.Sharding;

/// <summary>Workers within this process. What goes to them and comes back is turned into JSON and back, as it is between processes.</summary>
internal sealed class InProcessPool(PipelineParts parts, int count) : WorkerPool
{
    private int _started;
    private int _open;

    public override int Count => count;

    /// <summary>Called for each order before it is done; an exception that it throws loses the worker, before it has written anything.</summary>
    public Action<ShardOrder>? OnOrder { get; init; }

    /// <summary>Whether the worker is lost when it has done an order: what it wrote is there, and nobody is told.</summary>
    public Func<ShardOrder, bool> IsLostBehind { get; init; } = _ => false;

    /// <summary>How many workers were started.</summary>
    public int Started => Volatile.Read(ref _started);

    /// <summary>How many have not ended.</summary>
    public int Open => Volatile.Read(ref _open);

    public override Task<WorkerLink> StartAsync(int number, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _started);
        Interlocked.Increment(ref _open);
        return Task.FromResult<WorkerLink>(new Link(this, parts));
    }

    public static T Copy<T>(T value, Func<WorkerMessage, T?> get, Func<T, WorkerMessage> wrap)
        where T : class =>
        get(JsonSerializer.Deserialize(
            JsonSerializer.Serialize(wrap(value), WorkerJson.Default.WorkerMessage), WorkerJson.Default.WorkerMessage)!)!;

    private sealed class Link(InProcessPool pool, PipelineParts parts) : WorkerLink
    {
        public override async Task<ShardAnswer> ExecuteAsync(ShardOrder order, ShardCalls calls, CancellationToken cancellationToken)
        {
            var copy = Copy(order, message => message.Order, value => new WorkerMessage { Order = value });
            try
            {
                pool.OnOrder?.Invoke(copy);
            }
            catch (InvalidOperationException exception)
            {
                throw new WorkerException(exception.Message, exception);
            }

            try
            {
                var result = await ShardRun.ExecuteAsync(parts, copy, calls, cancellationToken);
                return pool.IsLostBehind(copy)
                    ? throw new WorkerException("lost, as the test asked")
                    : new ShardAnswer(Copy(result, message => message.Result, value => new WorkerMessage { Result = value }), null);
            }
            catch (BackupException exception) when (exception is not WorkerException)
            {
                return new ShardAnswer(
                    null, Copy(ShardFault.Of(exception), message => message.Fault, value => new WorkerMessage { Fault = value }));
            }
        }

        public override ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref pool._open);
            return ValueTask.CompletedTask;
        }
    }
}
