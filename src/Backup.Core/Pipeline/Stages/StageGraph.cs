using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Backup.Core.Errors;

namespace Backup.Core.Pipeline.Stages;

/// <summary>The one place that creates the channels between stages, completes them and spreads faults.</summary>
/// <remarks>
/// The first fault wins: it stops all stages, and <see cref="RunAsync"/> throws it once every stage has ended, so that nothing
/// runs on behind the caller's back. What is left in a channel then is disposed: an item in a channel has no other owner.
/// A deadline stops the stages in the same way, and is no fault: <see cref="RunAsync"/> then returns.
/// </remarks>
internal sealed class StageGraph : IDisposable
{
    private readonly CancellationToken _callerToken;
    private readonly CancellationToken _dropToken;
    private readonly CancellationTokenSource _abort;
    private readonly CancellationTokenSource _stop;
    private readonly List<Func<Task>> _stages = [];
    private readonly List<Action> _leftovers = [];

    // How many stages have still to end before a channel is complete.
    private readonly ConcurrentDictionary<object, int> _producers = new();
    private ExceptionDispatchInfo? _fault;

    /// <summary>Creates a graph without stages.</summary>
    /// <param name="callerToken">Cancels the run.</param>
    /// <param name="dropToken">Stops the stages at the deadline.</param>
    public StageGraph(CancellationToken callerToken, CancellationToken dropToken = default)
    {
        _callerToken = callerToken;
        _dropToken = dropToken;
        _abort = CancellationTokenSource.CreateLinkedTokenSource(callerToken);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_abort.Token, dropToken);
    }

    /// <summary>Makes the channel between two stages. Writers wait while it is full.</summary>
    /// <param name="capacity">How many items it holds.</param>
    /// <param name="wakesInPlace">Whether who waits goes on within the call that ends the wait, and not on the pool: for a stage that does
    /// nothing there but wake a thread of its own. A writer that had to wait must then leave the reader's call itself.</param>
    public Channel<T> Connect<T>(int capacity, bool wakesInPlace = false)
        where T : notnull
    {
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(capacity)
        {
            FullMode = BoundedChannelFullMode.Wait,
            AllowSynchronousContinuations = wakesInPlace,
        });
        _leftovers.Add(() =>
        {
            channel.Writer.TryComplete();
            while (channel.Reader.TryRead(out var item))
            {
                (item as IDisposable)?.Dispose();
            }
        });
        return channel;
    }

    /// <summary>Adds a stage that writes to a channel; several stages may write to one.</summary>
    /// <param name="name">The stage's name, which a failure carries.</param>
    /// <param name="workers">How many times the body runs side by side.</param>
    /// <param name="output">The channel that is complete when all stages that write to it have ended.</param>
    /// <param name="body">The work, given its number from 0 and the token that stops all stages.</param>
    /// <returns>A task that ends with the stage, however it ends. A stage that waits for it gives it its own token.</returns>
    public Task Add<T>(string name, int workers, ChannelWriter<T> output, Func<int, CancellationToken, Task> body)
    {
        _producers.AddOrUpdate(output, 1, static (_, count) => count + 1);
        return Add(name, workers, body, () =>
        {
            if (_producers.AddOrUpdate(output, 0, static (_, count) => count - 1) == 0)
            {
                output.TryComplete();
            }
        });
    }

    /// <summary>Adds a stage that writes to no channel.</summary>
    public void Add(string name, Func<CancellationToken, Task> body) => Add(name, 1, (_, token) => body(token), static () => { });

    /// <summary>Adds a stage that writes to no channel and must leave nothing half done at the deadline, so that whatever fails in it counts.</summary>
    /// <param name="name">The stage's name, which a failure carries.</param>
    /// <param name="body">The work, given the token that a fault and the caller cancel, and the one that stops all stages.</param>
    public void AddLast(string name, Func<CancellationToken, CancellationToken, Task> body) =>
        Add(name, 1, (_, token) => body(_abort.Token, token), static () => { }, isTornByDeadline: false);

    /// <summary>Starts all stages and waits for every one.</summary>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled before any stage failed.</exception>
    public async Task RunAsync()
    {
        await Task.WhenAll(_stages.ConvertAll(start => start())).ConfigureAwait(false);
        foreach (var disposeLeftovers in _leftovers)
        {
            disposeLeftovers();
        }

        _fault?.Throw();
        _callerToken.ThrowIfCancellationRequested();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        _abort.Dispose();
    }

    // Started only when all are known: a channel must not be complete while a stage that writes to it is still to be added.
    private Task Add(string name, int workers, Func<int, CancellationToken, Task> body, Action complete, bool isTornByDeadline = true)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _stages.Add(async () =>
        {
            await RunStageAsync(name, workers, body, isTornByDeadline).ConfigureAwait(false);
            complete();
            end.SetResult();
        });
        return end.Task;
    }

    // Never throws: a fault is kept in _fault, so that Task.WhenAll cannot choose another one.
    private Task RunStageAsync(string name, int workers, Func<int, CancellationToken, Task> body, bool isTornByDeadline)
    {
        var running = new Task[workers];
        for (var number = 0; number < workers; number++)
        {
            var worker = number;
            running[worker] = Task.Run(() => RunWorkerAsync(name, () => body(worker, _stop.Token), isTornByDeadline), CancellationToken.None);
        }

        return Task.WhenAll(running);
    }

    private async Task RunWorkerAsync(string name, Func<Task> body, bool isTornByDeadline)
    {
        try
        {
            await body().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It was told to stop: whoever told it has the reason.
        }
        catch (Exception exception)
        {
            await FailAsync(name, exception, isTornByDeadline && _dropToken.IsCancellationRequested).ConfigureAwait(false);
        }

        // It may have ended within another's call, as that of the caller who cancels: what follows, down to the end of the run, must not.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
    }

    private async Task FailAsync(string stage, Exception exception, bool isTorn)
    {
        // A stage that a cancellation tore down may fail in its own words; the caller asked for the cancellation, not for those.
        if (isTorn
            || _callerToken.IsCancellationRequested
            || Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(exception), null) is not null)
        {
            return;
        }

        if (exception is BackupException fault)
        {
            fault.Stage ??= stage;
        }

        await _abort.CancelAsync().ConfigureAwait(false);
    }
}
