namespace Backup.Core.Pipeline;

/// <summary>Measures how long a run is in each phase, and says how long copying will take. For one thread at a time.</summary>
internal sealed class PhaseClock(TimeProvider timeProvider)
{
    private readonly List<PhaseDuration> _ended = [];
    private BackupPhase? _phase;
    private long _enteredAt;

    /// <summary>The phase that was entered last; the first one before any was.</summary>
    public BackupPhase Current => _phase ?? BackupPhase.OpeningSnapshot;

    /// <summary>Ends the phase before and begins another one.</summary>
    public void Enter(BackupPhase phase)
    {
        var now = timeProvider.GetTimestamp();
        if (_phase is { } ended)
        {
            _ended.Add(new PhaseDuration(ended, timeProvider.GetElapsedTime(_enteredAt, now)));
        }

        _phase = phase;
        _enteredAt = now;
    }

    /// <summary>The phases that were entered, the current one included, in their order.</summary>
    public IReadOnlyList<PhaseDuration> ToList() => _phase is { } phase
        ? [.. _ended, new PhaseDuration(phase, timeProvider.GetElapsedTime(_enteredAt))]
        : [.. _ended];

    /// <summary>How long the copying will take from now on, if it goes on as it went.</summary>
    /// <param name="fraction">The part that is copied.</param>
    /// <param name="now">The time stamp of this moment.</param>
    /// <returns><see langword="null"/> in other phases, and while too little is copied to tell.</returns>
    public TimeSpan? EstimateRemaining(double fraction, long now)
    {
        const double LeastFraction = 0.01;
        return _phase == BackupPhase.Copying && fraction >= LeastFraction
            ? timeProvider.GetElapsedTime(_enteredAt, now) * ((1 - fraction) / fraction)
            : null;
    }
}
