namespace Backup.Core.Postgres.Wire;

/// <summary>Watches a call that blocks its thread: when its token is cancelled the server is asked to stop what it does.</summary>
/// <remarks>A server, or a network, that does not end the call in time has its socket closed. Disposed when the call has ended: then
/// the request has been taken, or was never made, so that none arrives late and stops the next statement.</remarks>
internal sealed class WireStop : IAsyncDisposable
{
    private readonly WireTarget _target;
    private readonly WireSession _session;
    private readonly CancellationTokenRegistration _registration;

    // Set by the token's callback, which has ended when the registration is disposed.
    private TaskCompletionSource? _ended;
    private Task? _stopping;

    /// <summary>Begins to watch.</summary>
    /// <param name="target">The server.</param>
    /// <param name="session">The conversation whose call is watched.</param>
    /// <param name="cancellationToken">The call's token.</param>
    public WireStop(WireTarget target, WireSession session, CancellationToken cancellationToken)
    {
        _target = target;
        _session = session;
        _registration = cancellationToken.UnsafeRegister(static stop => ((WireStop)stop!).Begin(), this);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // Nearly always: nobody cancelled, and nothing is to be waited for.
        var unregistered = _registration.DisposeAsync();
        return unregistered.IsCompletedSuccessfully && _stopping is null ? ValueTask.CompletedTask : EndAsync(unregistered);
    }

    private void Begin()
    {
        _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _stopping = Task.Run(() => StopAsync(_ended.Task));
    }

    private async ValueTask EndAsync(ValueTask unregistered)
    {
        await unregistered.ConfigureAwait(false);
        if (_stopping is null)
            return;

        _ended!.SetResult();
        await _stopping.ConfigureAwait(false);
    }

    private async Task StopAsync(Task ended)
    {
        using var limit = new CancellationTokenSource(_target.Limits.Stop);
        using var close = limit.Token.UnsafeRegister(static session => ((WireSession)session!).Close(), _session);
        await WireCancellation.RequestAsync(_target, _session.CancelKey, limit.Token).ConfigureAwait(false);
        await ended.ConfigureAwait(false);
    }
}
