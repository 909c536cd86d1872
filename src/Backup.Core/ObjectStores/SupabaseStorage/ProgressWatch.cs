using System.Globalization;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>
/// Cuts a transfer that stands still or trickles. Only the time spent waiting for the network counts, not that in which the
/// caller makes room for the next bytes or fetches them. Used by one transfer.
/// </summary>
internal sealed class ProgressWatch : IDisposable
{
    private readonly TransferLimits _limits;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _cut;
    private long _waitingSince;
    private TimeSpan _limit;
    private TimeSpan _windowTime;
    private long _windowBytes;

    public ProgressWatch(TransferLimits limits, TimeProvider timeProvider)
    {
        _limits = limits;
        _timeProvider = timeProvider;
        _limit = limits.ProgressTimeout;
        _cut = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider);
    }

    /// <summary>Ends when the transfer stood still, or was cut by <see cref="Cut"/>.</summary>
    public CancellationToken Token => _cut.Token;

    /// <summary>What was wrong, once <see cref="Token"/> has ended.</summary>
    public string Reason => string.Create(CultureInfo.InvariantCulture, $"no byte moved for {_limit.TotalSeconds:0.#} s");

    /// <summary>The network is being waited for from now on.</summary>
    /// <param name="limit">How long it may take; <see langword="null"/> for the progress time-out.</param>
    public void BeginWait(TimeSpan? limit = null)
    {
        _limit = limit ?? _limits.ProgressTimeout;
        _waitingSince = _timeProvider.GetTimestamp();
        _cut.CancelAfter(_limit);
    }

    /// <summary>Something else than the network is being waited for from now on; what was waited before does not count.</summary>
    public void Pause() => _cut.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>The waiting is over.</summary>
    /// <param name="bytes">How many bytes have moved meanwhile.</param>
    /// <exception cref="TimeoutException">Over the last <see cref="TransferLimits.ProgressTimeout"/> of waiting too few moved.</exception>
    public void Moved(int bytes)
    {
        Pause();
        _windowTime += _timeProvider.GetElapsedTime(_waitingSince);
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

    public void Dispose() => _cut.Dispose();
}
