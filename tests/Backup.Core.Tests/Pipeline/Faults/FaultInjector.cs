namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>Lets calls fail as a schedule says, and keeps what it did. For any number of threads.</summary>
internal sealed class FaultInjector(FaultSchedule schedule, VirtualClock clock)
{
    // Slow answers are late for others, but not for any time-out.
    private static readonly TimeSpan Slowness = TimeSpan.FromMilliseconds(10);
    private const int SlowTurns = 20;
    private const int HangTurns = 100;

    // A call that hangs lets time pass until whoever waits for it has had enough.
    private static readonly TimeSpan HangStep = TimeSpan.FromSeconds(10);

    // Only a call that never ends takes so long.
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<(FaultCall Call, string Item), int> _occurrences = [];
    private readonly List<FaultStrike> _strikes = [];
    private TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FaultPlan? _plan;
    private int _calls;
    private int _sinkCalls;
    private int _running;
    private bool _isHealed;
    private bool _isDead;
    private bool _isSinkLost;

    /// <summary>Called when what the part's plan says happens.</summary>
    public Action<FaultEvent>? OnEvent { get; set; }

    /// <summary>What has happened to this part, beside single faults.</summary>
    public FaultEvent Event { get; private set; }

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

    /// <summary>Begins a part of the run: a process of its own, whose sink answers.</summary>
    /// <param name="plan">What befalls it; <see langword="null"/> when nothing is to fail any more.</param>
    public void BeginPart(FaultPlan? plan)
    {
        lock (_gate)
        {
            _plan = plan;
            _isHealed = plan is null;
            (_isDead, _isSinkLost, Event) = (false, false, FaultEvent.None);
            (_calls, _sinkCalls) = (0, 0);
            _ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Ends a part: what hung and was left behind fails now.</summary>
    /// <returns>Whether no call is under way any more.</returns>
    public bool EndPart()
    {
        _ended.SetResult();
        return SpinWait.SpinUntil(() => Running == 0, LongestEnd);
    }

    /// <summary>Makes a call.</summary>
    /// <param name="call">Which.</param>
    /// <param name="item">The table, object or file that it is made of.</param>
    /// <param name="place">Where in the item; it tells calls apart that are made of several places of one item at once.</param>
    /// <param name="body">The call's work, told what is to go wrong with it.</param>
    /// <param name="cancellationToken">Ends a call that hangs but heeds it.</param>
    public async ValueTask<T> CallAsync<T>(
        FaultCall call, string item, string place, Func<FaultKind, ValueTask<T>> body, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _running);
        try
        {
            var (kind, plan) = Enter(call, item, place);
            if (kind == FaultKind.Slow)
            {
                await LetOthersRunAsync(Slowness, SlowTurns);
            }

            var isAfter = plan is { IsAfterCall: true } && !FaultTable.Opens(call);
            if (plan is not null && !isAfter)
            {
                Happen(plan.Event);
            }

            ThrowIfGone(call, item);
            if (kind is FaultKind.Hangs or FaultKind.HangsDeaf)
            {
                await HangAsync(kind == FaultKind.HangsDeaf ? CancellationToken.None : cancellationToken);
                throw FaultTable.ExceptionOf(call, kind, item);
            }

            if (FaultTable.FailsBefore(kind) && !FaultTable.IsEnd(call))
            {
                throw FaultTable.ExceptionOf(call, kind, item);
            }

            var result = await body(kind);
            if (plan is not null && isAfter)
            {
                Happen(plan.Event);
                ThrowIfGone(call, item);
            }

            return kind == FaultKind.AnswerLost || FaultTable.FailsBefore(kind) ? throw FaultTable.ExceptionOf(call, kind, item) : result;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task HangAsync(CancellationToken cancellationToken)
    {
        var hanging = _ended.Task.WaitAsync(cancellationToken);
        while (!hanging.IsCompleted)
        {
            await LetOthersRunAsync(HangStep, HangTurns);
        }

        await hanging;
    }

    private async Task LetOthersRunAsync(TimeSpan time, int turns)
    {
        clock.Pass(time);
        for (var turn = 0; turn < turns; turn++)
        {
            await Task.Yield();
        }
    }

    private (FaultKind Kind, FaultPlan? Plan) Enter(FaultCall call, string item, string place)
    {
        lock (_gate)
        {
            var key = (call, item + place);
            var occurrence = _occurrences[key] = _occurrences.GetValueOrDefault(key) + 1;
            _calls++;
            _sinkCalls += FaultTable.IsOfSink(call) ? 1 : 0;
            var at = _plan?.Event == FaultEvent.SinkLost ? FaultTable.IsOfSink(call) ? _sinkCalls : 0 : _calls;
            var plan = _plan is { Event: not FaultEvent.None } && at == _plan.Call ? _plan : null;
            var kind = _isHealed || _isDead ? FaultKind.None : schedule.Draw(call, key.Item2, occurrence);
            if (kind != FaultKind.None || plan is not null)
            {
                _strikes.Add(new FaultStrike(call, item, place, occurrence, kind, plan?.Event ?? FaultEvent.None));
            }

            return (kind, plan);
        }
    }

    private void Happen(FaultEvent what)
    {
        lock (_gate)
        {
            Event = what;
            _isDead = what == FaultEvent.Death;
            _isSinkLost = what == FaultEvent.SinkLost;
        }

        OnEvent?.Invoke(what);
    }

    private void ThrowIfGone(FaultCall call, string item)
    {
        if ((_isDead || (_isSinkLost && FaultTable.IsOfSink(call))) && !FaultTable.IsEnd(call))
        {
            throw FaultTable.ExceptionOf(call, FaultKind.Refused, item);
        }
    }
}
