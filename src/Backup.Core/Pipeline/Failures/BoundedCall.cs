namespace Backup.Core.Pipeline.Failures;

/// <summary>Runs one call of foreign code within a time. A call that does not end although it was cancelled is left behind.</summary>
/// <remarks>
/// The call runs on a thread of the pool, so that one which blocks instead of awaiting holds up nobody else. What is left behind
/// keeps what it has: its thread if it blocks, its buffers, until it ends by itself.
/// </remarks>
internal static class BoundedCall
{
    /// <summary>From the cancellation of a call until nobody waits for its end any more.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>Runs a call.</summary>
    /// <param name="call">The call, given the token that ends it.</param>
    /// <param name="cut">What is cancelled when the time is over, or the caller has cancelled; used for no other call after that.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled, and the call has ended or was left behind.</exception>
    public static async Task<CallEnd<T>> RunAsync<T>(
        Func<CancellationToken, ValueTask<T>> call,
        CancellationTokenSource cut,
        TimeSpan limit,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var running = Task.Run(() => call(cut.Token).AsTask(), CancellationToken.None);
        return await WaitAsync(running, cut, limit, timeProvider, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for a call that was begun already, with the token of <paramref name="cut"/>, even where the caller has cancelled by now.</summary>
    /// <param name="running">The call.</param>
    /// <param name="cut">What is cancelled when the time is over, or the caller has cancelled; used for no other call after that.</param>
    /// <param name="limit">How long it may take from now on.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>What became of it.</returns>
    public static async Task<CallEnd<T>> WaitAsync<T>(
        Task<T> running, CancellationTokenSource cut, TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        if (await EndsAsync(running, limit, timeProvider, cancellationToken).ConfigureAwait(false))
        {
            return new CallEnd<T>(CallOutcome.Ended, running);
        }

        await cut.CancelAsync().ConfigureAwait(false);
        var hasEnded = await EndsAsync(running, Grace, timeProvider, CancellationToken.None).ConfigureAwait(false);
        if (hasEnded && running.IsCompletedSuccessfully)
        {
            // It did its work all the same; whoever asked for it must know.
            return new CallEnd<T>(CallOutcome.Ended, running);
        }

        var outcome = cancellationToken.IsCancellationRequested ? CallOutcome.Cancelled : CallOutcome.TimedOut;
        return new CallEnd<T>(hasEnded ? outcome : outcome | CallOutcome.LeftBehind, running);
    }

    private static async Task<bool> EndsAsync(Task running, TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        // Whether it was the call that failed, or the waiting for it, is seen from the call.
        await running.WaitAsync(limit, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return running.IsCompleted;
    }
}
