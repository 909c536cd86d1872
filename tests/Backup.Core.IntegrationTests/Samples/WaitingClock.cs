using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.IntegrationTests.Samples;

/// <summary>A clock that a test moves to the end of a long wait, and only once somebody waits.</summary>
internal sealed class WaitingClock(DateTimeOffset start) : FakeTimeProvider(start), IDisposable
{
    // Time-outs and intervals are shorter, and must not be passed while a run is under way.
    private static readonly TimeSpan LongWait = TimeSpan.FromHours(1);

    // Of the real clock: so that a test that waits for nothing ends.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _waits = new(0);
    private TimeSpan _longest;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime >= LongWait)
        {
            _longest = dueTime;
            _waits.Release();
        }

        return timer;
    }

    public void Dispose() => _waits.Dispose();

    /// <summary>Waits until somebody begins a long wait, and passes it.</summary>
    public async Task PassAsync()
    {
        if (!await _waits.WaitAsync(Patience))
        {
            throw new TimeoutException("Nobody began to wait.");
        }

        Advance(_longest);
    }
}
