using Backup.Core.Errors;
using Backup.Core.Hosting;
using Backup.Core.Sinks;

namespace Backup.Core.Archives.Resuming;

/// <summary>
/// Says that a run is going on: a small file in the backup's folder that is replaced by the next number long before it runs out. Of
/// two that take a run up at once, only one can create the next number.
/// </summary>
/// <remarks>
/// For any number of threads. Renewed in the background until disposal, which deletes the file. Clocks must agree to within a minute.
/// </remarks>
internal sealed class RunLease : IAsyncDisposable
{
    /// <summary>How long a lease is good for unless it is renewed.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(2);

    // A sink that stalls once leaves time for a second attempt.
    private static readonly TimeSpan AttemptLimit = Length / 6;

    private readonly IBackupSink _sink;
    private readonly BackupId _id;
    private readonly TimeProvider _timeProvider;
    private readonly string _owner;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();

    // One renewal at a time, by whomever.
    private readonly SemaphoreSlim _renewal = new(1);
    private volatile IReadOnlyList<BackupId>? _needs;
    private volatile IReadOnlyList<BackupId>? _saidNeeds;
    private int _number;

    // The number that was tried last, unless it turned out to be someone else's.
    private int _attempted;
    private DateTimeOffset _until;
    private ResumeException? _loss;
    private volatile Exception? _lastFailure;
    private Task _renewing = Task.CompletedTask;
    private bool _isDisposed;

    private RunLease(IBackupSink sink, BackupId id, TimeProvider timeProvider)
    {
        _sink = sink;
        _id = id;
        _timeProvider = timeProvider;
        _lost = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider);
        _owner = LeaseContent.NewOwner();
    }

    /// <summary>Fires when the lease could not be renewed in time, or someone else has it: then nothing may be published any more.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Takes the lease of a run, new or left by another process.</summary>
    /// <param name="sink">Where the backup lies.</param>
    /// <param name="id">The backup.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The lease, which the caller disposes when the run has ended, in whatever way.</returns>
    /// <exception cref="ResumeException">Someone else has it.</exception>
    /// <exception cref="SinkException">The sink refuses.</exception>
    public static async Task<RunLease> AcquireAsync(
        IBackupSink sink, BackupId id, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var lease = new RunLease(sink, id, timeProvider);
        try
        {
            var held = await LeaseFile.FindAsync(sink, id, cancellationToken).ConfigureAwait(false);
            if (held.Content is { } content && content.IsAlive(timeProvider.GetUtcNow()))
            {
                throw Held(id, $"{content.Owner} is writing it, at least until {content.Until:u}");
            }

            await lease.TakeAsync(held.Number + 1, cancellationToken).ConfigureAwait(false);
            if (held.Number > 0)
            {
                await lease.DeleteOlderAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        lease._renewing = lease.KeepAsync(lease._ended.Token);
        return lease;
    }

    /// <summary>Throws when the lease is lost, or has run out unnoticed: asked before anything is published.</summary>
    /// <exception cref="ResumeException">It is.</exception>
    public void ThrowIfLost()
    {
        lock (_gate)
        {
            // Whoever was told that it is lost has stopped, even where a late renewal succeeded after that.
            if (_loss is null && !_lost.IsCancellationRequested && _timeProvider.GetUtcNow() < _until)
                return;
        }

        throw Lose("its lease could not be renewed in time");
    }

    /// <summary>Looks whether anyone else has taken the run up: asked before the manifest is published.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ResumeException">Someone has.</exception>
    public async ValueTask ConfirmAsync(CancellationToken cancellationToken)
    {
        ThrowIfLost();
        var own = Volatile.Read(ref _number);
        var highest = await LeaseFile.FindNumberAsync(_sink, _id, cancellationToken).ConfigureAwait(false);
        if (highest < own)
        {
            throw Lose("its lease was removed");
        }

        if (highest > Volatile.Read(ref _number))
        {
            // It may be this lease's own next number, on its way.
            var held = await LeaseFile.FindAsync(_sink, _id, cancellationToken).ConfigureAwait(false);
            if (held.Content?.Owner != _owner)
            {
                throw Lose($"{held.Content?.Owner ?? "someone else"} has taken it up");
            }
        }
    }

    /// <summary>
    /// Says in the lease, from now on, which backups the run builds on. Look after the call whether one is marked for removal: who
    /// marked it later than that looks at the leases after it.
    /// </summary>
    /// <param name="backups">The backups; none to need none any more.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ResumeException">The lease is lost.</exception>
    public async ValueTask NeedAsync(IReadOnlyCollection<BackupId> backups, CancellationToken cancellationToken)
    {
        _needs = backups.Count == 0 ? null : [.. backups];
        do
        {
            await RenewAsync(cancellationToken).ConfigureAwait(false);
        }
        while (_saidNeeds != _needs);
    }

    /// <summary>Replaces the file by the next number; done at a third of the lease's length.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ResumeException">Someone else has it, or it has run out.</exception>
    /// <exception cref="SinkException">The sink refuses; the next call may succeed.</exception>
    public async ValueTask RenewAsync(CancellationToken cancellationToken)
    {
        await _renewal.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ReplaceAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _renewal.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _ended.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var number in new HashSet<int> { _number, _attempted }.Where(number => number > 0))
        {
            await TryDeleteAsync(number).ConfigureAwait(false);
        }

        _ended.Dispose();
        _lost.Dispose();
        _renewal.Dispose();
    }

    private async ValueTask ReplaceAsync(CancellationToken cancellationToken)
    {
        ThrowIfLost();
        var before = _number;
        using var timer = new CancellationTokenSource(AttemptLimit, _timeProvider);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        if (await LeaseFile.FindNumberAsync(_sink, _id, limit.Token).ConfigureAwait(false) < before)
        {
            throw Lose("its lease was removed");
        }

        await TakeAsync(before + 1, limit.Token).ConfigureAwait(false);
        await TryDeleteAsync(before).ConfigureAwait(false);
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Length / 3, _timeProvider, cancellationToken).ConfigureAwait(false);
            try
            {
                await RenewAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (ResumeException)
            {
                await _lost.CancelAsync().ConfigureAwait(false);
                return;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Tried again after a while; once the lease has run out it is lost, and this is why.
                _lastFailure = exception;
            }
        }
    }

    private async ValueTask TakeAsync(int number, CancellationToken cancellationToken)
    {
        var content = new LeaseContent(_owner, _timeProvider.GetUtcNow() + Length, ProcessIdentity.Current, _needs);
        try
        {
            // Before the attempt, because whether a failed one became visible is not known.
            _attempted = number;
            await LeaseFile.WriteAsync(_sink, _id, number, content, cancellationToken).ConfigureAwait(false);
        }
        catch (SinkException exception) when (exception.IsAlreadyExists)
        {
            // It may be this process's own, of an attempt that failed after it had become visible.
            _attempted = 0;
            var held = await LeaseFile.FindAsync(_sink, _id, cancellationToken).ConfigureAwait(false);
            if (held.Number != number || held.Content is not { } found || found.Owner != _owner)
            {
                throw Lose("someone else has taken it up");
            }

            _attempted = number;
            content = found;
        }

        // Whoever slept through his lease may create a number that another has already created, replaced and deleted.
        if (await LeaseFile.FindNumberAsync(_sink, _id, cancellationToken).ConfigureAwait(false) > number)
        {
            await TryDeleteAsync(number).ConfigureAwait(false);
            throw Lose("someone else has taken it up");
        }

        lock (_gate)
        {
            _until = content.Until;
            _saidNeeds = content.Needs;
            Volatile.Write(ref _number, number);
            _lost.CancelAfter(TimeSpan.FromTicks(Math.Max(0, (_until - _timeProvider.GetUtcNow()).Ticks)));
        }
    }

    // What processes left that died.
    private async ValueTask DeleteOlderAsync(CancellationToken cancellationToken)
    {
        var files = await RunFiles.ListAsync(_sink, _id, ArchiveNames.LeasePrefix, cancellationToken).ConfigureAwait(false);
        foreach (var number in files.Keys.Select(ArchiveNames.LeaseNumber).OfType<int>().Where(number => number < _number))
        {
            await TryDeleteAsync(number).ConfigureAwait(false);
        }
    }

    private async ValueTask TryDeleteAsync(int number)
    {
        try
        {
            using var limit = new CancellationTokenSource(AttemptLimit, _timeProvider);
            await _sink.DeleteAsync(ArchiveNames.InSink(_id, ArchiveNames.Lease(number)), limit.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A lease that stays runs out by itself.
        }
    }

    private ResumeException Lose(string reason)
    {
        lock (_gate)
        {
            return _loss ??= Held(_id, reason, _lastFailure);
        }
    }

    private static ResumeException Held(BackupId id, string reason, Exception? cause = null) =>
        new($"Run {id} is not this process's: {reason}.{(cause is null ? "" : $" {cause.Message}")}", cause)
    {
        Subject = id.Value,
        IsTransient = true,
        Hint = "Wait until the other process has ended, or its lease of two minutes has run out, and resume the run then.",
    };
}
