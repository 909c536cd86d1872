namespace Backup.Core.Pipeline.Failures;

/// <summary>
/// Ends the reading of one page or object that takes too long, although something comes all the while. Counts only while it is
/// started: not what the run itself makes the reading wait for, memory or the archive.
/// </summary>
/// <remarks>Started and stopped by one caller at a time, for each block: one timer looks now and then, none is set for a block.</remarks>
internal sealed class ItemClock : IAsyncDisposable
{
    // How often it looks at the most within its limit: so much later than the limit it notices, where it was stopped in between.
    private const int LooksPerLimit = 20;

    private readonly TimeSpan _limit;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource? _cut;
    private readonly ITimer? _timer;

    // Under _gate.
    private readonly Lock _gate = new();
    private TimeSpan _used;
    private long? _since;
    private volatile bool _isOver;

    /// <summary>Prepares a clock that stands still.</summary>
    /// <param name="limit">How long the reading may take; <see langword="null"/> for as long as it takes.</param>
    /// <param name="timeProvider">The clock behind.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public ItemClock(TimeSpan? limit, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        _timeProvider = timeProvider;
        Token = cancellationToken;
        if (limit is { } time)
        {
            _limit = time;
            _cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Token = _cut.Token;
            _timer = timeProvider.CreateTimer(static clock => ((ItemClock)clock!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(time, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends when the caller cancels, or the time is over.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether the time is over.</summary>
    public bool IsOver => _isOver;

    /// <summary>Counts from now on.</summary>
    public void Start()
    {
        lock (_gate)
        {
            _since = _timeProvider.GetTimestamp();
        }
    }

    /// <summary>Counts no longer.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _used = Used();
            _since = null;
        }
    }

    /// <summary>Begins anew with nothing counted, for the next of several pages that are read at one go. It stands still.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _used = TimeSpan.Zero;
            _since = null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync().ConfigureAwait(false);
        }

        _cut?.Dispose();
    }

    private TimeSpan Used() => _since is { } since ? _used + _timeProvider.GetElapsedTime(since) : _used;

    private void Look()
    {
        lock (_gate)
        {
            var left = _limit - Used();
            if (left > TimeSpan.Zero)
            {
                var least = _limit / LooksPerLimit;
                _timer!.Change(left > least ? left : least, Timeout.InfiniteTimeSpan);
                return;
            }

            _isOver = true;
        }

        // Not under the lock: whoever waits for the token goes on right here.
        try
        {
            _cut!.Cancel();
        }
        catch (AggregateException)
        {
            // Of a source's own callbacks, on a timer's thread, where it would end the process. The read says that it was too slow.
        }
    }
}
