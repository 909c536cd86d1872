namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>A clock that moves when somebody waits: short delays end at once, long ones when a test lets time pass.</summary>
/// <remarks>For any number of threads. Nothing waits in real time, however long a retry or a time-out is.</remarks>
internal sealed class VirtualClock : TimeProvider
{
    /// <summary>The longest delay that ends at once: the pause before a retry, not the time-out of a call, nor what a cancelled one has to end.</summary>
    public static readonly TimeSpan MaxShortDelay = TimeSpan.FromSeconds(2);

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

    /// <summary>Lets time pass; what comes due ends before the call does, in the order of its time.</summary>
    public void Pass(TimeSpan time)
    {
        var end = GetUtcNow() + time;
        while (TakeDue(end) is { } timer)
        {
            timer.Fire();
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
        public DateTimeOffset? DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                Period = period;
                DueAt = dueTime < TimeSpan.Zero ? null : clock._now + dueTime;
                clock._timers.Remove(this);
                if (DueAt is null)
                {
                    return true;
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
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
