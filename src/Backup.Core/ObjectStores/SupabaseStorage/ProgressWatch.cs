namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Cuts a transfer that stands still: it must be told of progress more often than the time-out. Used by one transfer.</summary>
internal sealed class ProgressWatch : IDisposable
{
    private readonly TimeSpan _timeout;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _stalled;
    private readonly CancellationTokenSource _linked;

    public ProgressWatch(TimeSpan timeout, TimeProvider timeProvider, CancellationToken caller)
    {
        _timeout = timeout;
        _caller = caller;
        _stalled = new CancellationTokenSource(timeout, timeProvider);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_stalled.Token, caller);
    }

    /// <summary>Ends with the caller's token, or when the transfer stands still.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>Bytes have moved.</summary>
    public void Report()
    {
        // A transfer that has been cut stays cut.
        if (!_stalled.IsCancellationRequested)
        {
            _stalled.CancelAfter(_timeout);
        }
    }

    /// <summary>Runs a step of the transfer.</summary>
    /// <exception cref="TimeoutException">It stood still.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> step)
    {
        try
        {
            return await step().ConfigureAwait(false);
        }
        catch (Exception exception) when (_stalled.IsCancellationRequested && !_caller.IsCancellationRequested)
        {
            throw new TimeoutException($"no byte moved for {_timeout.TotalSeconds:0.#} s", exception);
        }
        catch (OperationCanceledException exception) when (_caller.IsCancellationRequested)
        {
            throw new OperationCanceledException(exception.Message, exception, _caller);
        }
    }

    public void Dispose()
    {
        _linked.Dispose();
        _stalled.Dispose();
    }
}
