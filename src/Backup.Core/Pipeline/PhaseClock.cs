namespace Backup.Core.Pipeline;

/// <summary>Measures how long a run is in each phase. For one thread at a time.</summary>
internal sealed class PhaseClock(TimeProvider timeProvider)
{
    private readonly List<PhaseDuration> _ended = [];
    private BackupPhase? _phase;
    private long _enteredAt;

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
}
