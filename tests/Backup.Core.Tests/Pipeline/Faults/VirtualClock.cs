namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>A clock that moves when somebody waits: short delays end at once, long ones when a test lets time pass.</summary>
/// <remarks>For any number of threads. Nothing waits in real time, however long a retry or a time-out is.</remarks>
internal sealed class VirtualClock : TimeProvider
{
    /// <summary>The longest delay that ends at once: the pause before a retry, as these tests set it, and no time-out.</summary>
    public static readonly TimeSpan MaxShortDelay = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = new(2026, 11, 22, 3, 15, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass. What comes due is told on the pool, as by a real clock: nobody's wait goes on within somebody else's call.</summary>
    public void Pass(TimeSpan time)
    {
        var end = GetUtcNow() + time;
        while (TakeDue(end) is { } timer)
        {
            ThreadPool.QueueUserWorkItem(static timer => timer.Fire(), timer, preferLocal: false);
        }

        lock (_gate)
        {
            _now = end > _now ? end : _now;
        }
    }

    private Timer? TakeDue(DateTimeOffset end)
    {
        lock (_gate)
        {
            var timer = _timers.Where(timer => timer.DueAt <= end).MinBy(timer => timer.DueAt);
            if (timer?.DueAt is { } dueAt)
            {
                _now = dueAt > _now ? dueAt : _now;

                // One that comes again and again does so once for each pause.
                timer.DueAt = timer.Period > TimeSpan.Zero ? end + timer.Period : null;
            }

            return timer;
        }
    }

    private sealed class Timer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private int _firing;
        private bool _isDisposed;
        private TaskCompletionSource? _quiet;

        public DateTimeOffset? DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire()
        {
            lock (clock._gate)
            {
                if (_isDisposed)
                {
                    return;
                }

                _firing++;
            }

            try
            {
                callback(state);
            }
            finally
            {
                lock (clock._gate)
                {
                    if (--_firing == 0)
                    {
                        _quiet?.TrySetResult();
                    }
                }
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                Period = period;
                DueAt = _isDisposed || dueTime < TimeSpan.Zero ? null : clock._now + dueTime;
                if (DueAt is null)
                {
                    return !_isDisposed;
                }

                clock._timers.Add(this);
            }

            if (dueTime <= MaxShortDelay && period <= TimeSpan.Zero)
            {
                ThreadPool.QueueUserWorkItem(_ => clock.Pass(dueTime));
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                _isDisposed = true;
                clock._timers.Remove(this);
            }
        }

        /// <summary>Ends the timer, and waits for a callback that is running, as a real one does.</summary>
        public ValueTask DisposeAsync()
        {
            Dispose();
            lock (clock._gate)
            {
                if (_firing == 0)
                {
                    return ValueTask.CompletedTask;
                }

                _quiet ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return new ValueTask(_quiet.Task);
            }
        }
    }
}
