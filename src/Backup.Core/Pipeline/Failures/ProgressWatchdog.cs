using System.Globalization;
using Backup.Core.Errors;

namespace Backup.Core.Pipeline.Failures;

/// <summary>Ends a run in which nothing moves any more, neither a row nor a byte, and says what hung.</summary>
internal sealed class ProgressWatchdog : IAsyncDisposable
{
    // How often it looks within its limit: so much later than the limit it notices at the most.
    private const int LooksPerLimit = 20;

    private readonly RunProgress _progress;
    private readonly SinkCalls _sink;
    private readonly BackupOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _cut;
    private readonly ITimer _timer;

    // Of the timer's callback, which must not run twice at a time.
    private readonly Lock _gate = new();
    private (long, long) _mark;
    private long _markedAt;
    private BackupTimeoutException? _fault;

    /// <summary>Begins to watch.</summary>
    /// <param name="progress">Tells whether anything moves, and what is being done.</param>
    /// <param name="sink">Tells the same of the sink.</param>
    /// <param name="options">The limits.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public ProgressWatchdog(
        RunProgress progress, SinkCalls sink, BackupOptions options, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        _progress = progress;
        _sink = sink;
        _options = options;
        _timeProvider = timeProvider;
        _cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _markedAt = timeProvider.GetTimestamp();
        var interval = options.Timeouts.Progress / LooksPerLimit;
        _timer = timeProvider.CreateTimer(_ => Look(), null, interval, interval);
    }

    /// <summary>Ends when the caller cancels, or when nothing has moved for too long.</summary>
    public CancellationToken Token => _cut.Token;

    /// <summary>What hung, once it has; until then <see langword="null"/>.</summary>
    public BackupTimeoutException? Fault => Volatile.Read(ref _fault);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        _cut.Dispose();
    }

    private void Look()
    {
        lock (_gate)
        {
            var now = _timeProvider.GetTimestamp();
            var mark = (_progress.Mark, _sink.Completed);
            if (mark != _mark)
            {
                _mark = mark;
                _markedAt = now;
                return;
            }

            var state = _progress.Capture();
            var limit = _options.Timeouts.Progress
                + (state.Phase == BackupPhase.OpeningSnapshot ? _options.LockTimeout : TimeSpan.Zero);
            if (_fault is not null || _timeProvider.GetElapsedTime(_markedAt, now) < limit)
            {
                return;
            }

            Volatile.Write(ref _fault, Stalled(state, limit));
        }

        // Not under the lock: whoever waits for the token goes on right here.
        try
        {
            _cut.Cancel();
        }
        catch (AggregateException)
        {
            // Of a caller's own callbacks, on a timer's thread, where it would end the process. The run ends by its fault.
        }
    }

    private BackupTimeoutException Stalled(BackupProgress state, TimeSpan limit) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"Nothing has moved for {limit.TotalSeconds:0.###} s: the run was {string.Join(", ", Doings(state))}."))
    {
        Stage = state.Phase.ToString(),
        Subject = state.CurrentTables.Select(table => table.Table.ToString())
            .Concat(state.CurrentObjects.Select(item => $"{item.Bucket}/{item.Name}")).FirstOrDefault(),
        IsTransient = true,
        Hint = $"See whether the server, the store and the sink answer, or allow more time ({nameof(BackupOptions.Timeouts)}.{nameof(BackupTimeouts.Progress)}).",
    };

    private IEnumerable<string> Doings(BackupProgress state)
    {
        yield return state.Phase switch
        {
            BackupPhase.OpeningSnapshot => "opening the snapshot",
            BackupPhase.Copying => "copying",
            _ => "committing",
        };
        foreach (var table in state.CurrentTables)
        {
            yield return $"reading {table.Table}";
        }

        foreach (var item in state.CurrentObjects)
        {
            yield return $"downloading {item.Bucket}/{item.Name}";
        }

        if (_sink.Current is { } call)
        {
            yield return call;
        }
    }
}
