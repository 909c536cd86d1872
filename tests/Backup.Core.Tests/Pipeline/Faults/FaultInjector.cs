namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>Lets calls fail as a schedule says, and keeps what it did. For any number of threads.</summary>
internal sealed class FaultInjector(FaultSchedule schedule)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(FaultCall Call, string Item), int> _occurrences = [];
    private readonly List<FaultStrike> _strikes = [];
    private int _calls;
    private int _sinkCalls;
    private int _running;
    private bool _isHealed;
    private bool _isSinkLost;

    /// <summary>Called when the schedule's event happens.</summary>
    public Action<FaultEvent>? OnEvent { get; set; }

    /// <summary>Whether the process is dead: calls do nothing any more.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Whether the schedule's event has happened.</summary>
    public bool HasEventHappened { get; private set; }

    /// <summary>How many calls have begun and not ended.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>What has struck so far.</summary>
    public IReadOnlyList<FaultStrike> Strikes
    {
        get
        {
            lock (_gate)
            {
                return [.. _strikes];
            }
        }
    }

    /// <summary>Lets everything succeed from now on.</summary>
    public void Heal()
    {
        lock (_gate)
        {
            _isHealed = true;
            _isSinkLost = false;
            IsDead = false;
        }
    }

    /// <summary>Makes a call.</summary>
    /// <param name="call">Which.</param>
    /// <param name="item">The table, object or file that it is made of.</param>
    /// <param name="place">Where in the item; it tells calls apart that are made of several places of one item at once.</param>
    /// <param name="body">The call's work, told what is to go wrong with it.</param>
    public async ValueTask<T> CallAsync<T>(FaultCall call, string item, string place, Func<FaultKind, ValueTask<T>> body)
    {
        Interlocked.Increment(ref _running);
        try
        {
            var (kind, isEvent) = Enter(call, item, place);
            if (kind == FaultKind.Slow)
            {
                await YieldAsync();
            }

            var isAfter = schedule.IsEventAfterCall && !FaultTable.Opens(call);
            if (isEvent && !isAfter)
            {
                Happen();
            }

            ThrowIfGone(call, item);
            if (FaultTable.FailsBefore(kind) && !FaultTable.IsEnd(call))
            {
                throw FaultTable.ExceptionOf(call, kind, item);
            }

            var result = await body(kind);
            if (isEvent && isAfter)
            {
                Happen();
                ThrowIfGone(call, item);
            }

            return kind == FaultKind.AnswerLost || FaultTable.FailsBefore(kind) ? throw FaultTable.ExceptionOf(call, kind, item) : result;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    // Others get on meanwhile, as far as the pool lets them.
    private static async Task YieldAsync()
    {
        for (var turn = 0; turn < 20; turn++)
        {
            await Task.Yield();
        }
    }

    private (FaultKind Kind, bool IsEvent) Enter(FaultCall call, string item, string place)
    {
        lock (_gate)
        {
            var key = (call, item + place);
            var occurrence = _occurrences[key] = _occurrences.GetValueOrDefault(key) + 1;
            _calls++;
            _sinkCalls += FaultTable.IsOfSink(call) ? 1 : 0;
            var at = schedule.Event == FaultEvent.SinkLost ? FaultTable.IsOfSink(call) ? _sinkCalls : 0 : _calls;
            var isEvent = schedule.Event != FaultEvent.None && !HasEventHappened && !_isHealed && at == schedule.EventAt;
            var kind = _isHealed || IsDead ? FaultKind.None : schedule.Draw(call, key.Item2, occurrence);
            if (kind != FaultKind.None || isEvent)
            {
                _strikes.Add(new FaultStrike(call, item, place, occurrence, kind, isEvent ? schedule.Event : FaultEvent.None));
            }

            return (kind, isEvent);
        }
    }

    private void Happen()
    {
        lock (_gate)
        {
            HasEventHappened = true;
            IsDead = schedule.Event == FaultEvent.Death;
            _isSinkLost = schedule.Event == FaultEvent.SinkLost;
        }

        OnEvent?.Invoke(schedule.Event);
    }

    private void ThrowIfGone(FaultCall call, string item)
    {
        if ((IsDead || (_isSinkLost && FaultTable.IsOfSink(call))) && !FaultTable.IsEnd(call))
        {
            throw FaultTable.ExceptionOf(call, FaultKind.Refused, item);
        }
    }
}
