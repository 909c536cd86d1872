namespace Backup.Core.Tests.Pipeline.Fakes;

/// <summary>A clock that stands still and whose timers fire when the test says so, however late they are created.</summary>
internal sealed class ManualTimers : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _active = [];
    private TaskCompletionSource _created = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state), dueTime);
        TaskCompletionSource created;
        lock (_gate)
        {
            _active.Add(timer);
            created = _created;
            _created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        created.SetResult();
        return timer;
    }

    /// <summary>Waits for a timer of that time, if there is none yet, and lets it fire.</summary>
    public async Task FireAsync(TimeSpan dueTime)
    {
        while (true)
        {
            ManualTimer? timer;
            Task created;
            lock (_gate)
            {
                timer = _active.Find(candidate => candidate.DueTime == dueTime);
                created = _created.Task;
                if (timer is not null)
                {
                    _active.Remove(timer);
                }
            }

            if (timer is not null)
            {
                timer.Fire();
                return;
            }

            await created.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    /// <summary>Lets timers of that time fire, also those that are only being disposed, until something has ended.</summary>
    public async Task FireUntilAsync(TimeSpan dueTime, Task end)
    {
        while (!end.IsCompleted)
        {
            await Task.WhenAny(end, FireAsync(dueTime));
        }
    }

    private sealed class ManualTimer(ManualTimers owner, Action fire, TimeSpan dueTime) : ITimer
    {
        public TimeSpan DueTime { get; private set; } = dueTime;

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            DueTime = dueTime;
            return true;
        }

        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._active.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
