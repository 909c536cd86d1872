using System.Globalization;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>
/// Cuts a transfer that stands still or trickles. Only the time spent waiting for the network counts, not that in which the
/// caller makes room for the next bytes or fetches them. Used by one transfer.
/// </summary>
/// <remarks>
/// A transfer has thousands of reads a second: the timer is not set anew for each of them. It looks, when it fires, for how long has
/// been waited, and fires again when that may be too long.
/// </remarks>
internal sealed class ProgressWatch : IDisposable
{
    private readonly TransferLimits _limits;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _cut = new();

    // Under _gate, for the timer.
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private long? _timerLooksAt;
    private long? _waitingSince;
    private TimeSpan _limit;
    private bool _isDisposed;

    private TimeSpan _windowTime;
    private long _windowBytes;

    public ProgressWatch(TransferLimits limits, TimeProvider timeProvider)
    {
        _limits = limits;
        _timeProvider = timeProvider;
        _limit = limits.ProgressTimeout;
    }

    /// <summary>Ends when the transfer stood still, or was cut by <see cref="Cut"/>.</summary>
    public CancellationToken Token => _cut.Token;

    /// <summary>What was wrong, once <see cref="Token"/> has ended.</summary>
    public string Reason => string.Create(CultureInfo.InvariantCulture, $"no byte moved for {_limit.TotalSeconds:0.#} s");

    /// <summary>The network is being waited for from now on.</summary>
    /// <param name="limit">How long it may take; <see langword="null"/> for the progress time-out.</param>
    public void BeginWait(TimeSpan? limit = null)
    {
        var now = _timeProvider.GetTimestamp();
        lock (_gate)
        {
            _limit = limit ?? _limits.ProgressTimeout;
            _waitingSince = now;
            if (_timerLooksAt is not { } time || _timeProvider.GetElapsedTime(now, time) > _limit)
            {
                LookIn(_limit, now);
            }
        }
    }

    /// <summary>Something else than the network is being waited for from now on; what was waited before does not count.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            _waitingSince = null;
        }
    }

    /// <summary>The waiting is over.</summary>
    /// <param name="bytes">How many bytes have moved meanwhile.</param>
    /// <exception cref="TimeoutException">Over the last <see cref="TransferLimits.ProgressTimeout"/> of waiting too few moved.</exception>
    public void Moved(int bytes)
    {
        lock (_gate)
        {
            _windowTime += _waitingSince is { } since ? _timeProvider.GetElapsedTime(since) : TimeSpan.Zero;
            _waitingSince = null;
        }

        _windowBytes += bytes;
        if (_windowTime < _limits.ProgressTimeout)
        {
            return;
        }

        if (_windowBytes < _limits.MinBytesPerSecond * _windowTime.TotalSeconds)
        {
            throw new TimeoutException(
                string.Create(CultureInfo.InvariantCulture, $"only {_windowBytes} bytes moved in {_windowTime.TotalSeconds:0.#} s"));
        }

        _windowTime = TimeSpan.Zero;
        _windowBytes = 0;
    }

    /// <summary>Cuts the transfer at once, as when the caller cancels it.</summary>
    public void Cut() => _cut.Cancel();

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer?.Dispose();
            _cut.Dispose();
        }
    }

    private void LookIn(TimeSpan time, long now)
    {
        _timerLooksAt = now + (long)(time.TotalSeconds * _timeProvider.TimestampFrequency);
        if (_timer is null)
        {
            _timer = _timeProvider.CreateTimer(static watch => ((ProgressWatch)watch!).Look(), this, time, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(time, Timeout.InfiniteTimeSpan);
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            _timerLooksAt = null;
            if (_isDisposed || _waitingSince is not { } since)
            {
                // The next wait sets the timer again.
                return;
            }

            var now = _timeProvider.GetTimestamp();
            var left = _limit - _timeProvider.GetElapsedTime(since, now);
            if (left > TimeSpan.Zero)
            {
                LookIn(left, now);
            }
            else
            {
                _cut.Cancel();
            }
        }
    }
}
