using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;

namespace Backup.Core.Pipeline.Failures;

/// <summary>The bytes of an object, which keep coming, or the read fails. Used by one caller at a time.</summary>
/// <remarks>A transfer has thousands of reads a second: one timer looks now and then at how long has been waited, none is set for a read.</remarks>
internal sealed class TimedContentStream : ReadOnlyForwardStream
{
    // How often it looks within its limit: so much later than the limit it notices at the most.
    private const int LooksPerLimit = 8;

    private readonly ObjectContent _inner;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _limit;
    private readonly Func<ObjectStoreException> _tooSlow;
    private readonly CancellationTokenSource _cut = new();
    private readonly ITimer _timer;

    // When the read began that is under way; 0 when none is.
    private long _waitingSince;
    private volatile bool _isTooSlow;

    /// <summary>Takes over a content.</summary>
    public TimedContentStream(ObjectContent inner, TimeSpan limit, TimeProvider timeProvider, Func<ObjectStoreException> tooSlow)
    {
        _inner = inner;
        _limit = limit;
        _timeProvider = timeProvider;
        _tooSlow = tooSlow;
        var interval = limit / LooksPerLimit;
        _timer = timeProvider.CreateTimer(static stream => ((TimedContentStream)stream!).Look(), this, interval, interval);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => _inner.Content.Read(buffer);

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var registration = cancellationToken.UnsafeRegister(static cut => ((CancellationTokenSource)cut!).Cancel(), _cut);
        Volatile.Write(ref _waitingSince, Math.Max(1, _timeProvider.GetTimestamp()));
        try
        {
            return await _inner.Content.ReadAsync(buffer, _cut.Token).ConfigureAwait(false);
        }
        catch (Exception) when (_isTooSlow && !cancellationToken.IsCancellationRequested)
        {
            throw _tooSlow();
        }
        finally
        {
            Volatile.Write(ref _waitingSince, 0);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _inner.DisposeAsync().ConfigureAwait(false);
        _cut.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private void Look()
    {
        if (Volatile.Read(ref _waitingSince) is var since && since != 0 && _timeProvider.GetElapsedTime(since) >= _limit)
        {
            _isTooSlow = true;
            try
            {
                _cut.Cancel();
            }
            catch (AggregateException)
            {
                // Of a store's own callbacks, on a timer's thread, where it would end the process. The read says that it was too slow.
            }
        }
    }
}
