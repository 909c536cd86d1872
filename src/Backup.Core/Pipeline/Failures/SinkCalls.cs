using System.Globalization;
using Backup.Core.Archives;
using Backup.Core.Errors;

namespace Backup.Core.Pipeline.Failures;

/// <summary>Runs the calls of one sink within their limits, and knows which one is under way. For any number of threads.</summary>
/// <param name="location">The sink, for messages.</param>
/// <param name="timeouts">The limits.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class SinkCalls(string location, BackupTimeouts timeouts, TimeProvider timeProvider)
{
    // A lease is renewed whether the run moves or not.
    private const string LeaseMark = $"/{ArchiveNames.LeasePrefix}";

    private long _completed;
    private volatile bool _isGivenFree;
    private string? _current;

    /// <summary>How many calls have ended, but for those of the lease.</summary>
    public long Completed => Interlocked.Read(ref _completed);

    /// <summary>The call that began last and has not ended, as <c>writing 'x/volume-0001.zip'</c>; <see langword="null"/> when none is under way.</summary>
    public string? Current => Volatile.Read(ref _current);

    /// <summary>Whether the names of the run may be used by another process, so that nothing of this one may be undone any more.</summary>
    public bool IsGivenFree => _isGivenFree;

    /// <summary>Says so.</summary>
    public void GiveFree() => _isGivenFree = true;

    /// <summary>Runs a call.</summary>
    /// <param name="action">What it does: <c>writing</c>.</param>
    /// <param name="name">What it does it to.</param>
    /// <param name="call">The call.</param>
    /// <param name="cut">Cancelled when its time is over; <see langword="null"/> for one of its own.</param>
    /// <param name="onLeftBehind">Told of a call that did not end; sees to what it leaves when it does.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="SinkException">The sink failed, or its time was over.</exception>
    public async ValueTask<T> RunAsync<T>(
        string action,
        string name,
        Func<CancellationToken, ValueTask<T>> call,
        CancellationTokenSource? cut,
        Action<Task<T>> onLeftBehind,
        CancellationToken cancellationToken)
    {
        var isCommit = action == SinkActions.Commit;
        var limit = isCommit ? timeouts.Archive : timeouts.Sink;
        var doing = $"{action} '{name}'";
        var isOfRun = !name.Contains(LeaseMark, StringComparison.Ordinal);
        if (isOfRun)
        {
            Volatile.Write(ref _current, doing);
        }

        try
        {
            var source = cut ?? new CancellationTokenSource();
            var end = await BoundedCall.RunAsync(call, source, limit, timeProvider, cancellationToken).ConfigureAwait(false);
            if (end.IsLeftBehind)
            {
                onLeftBehind(end.Call);
            }
            else if (cut is null)
            {
                source.Dispose();
            }

            if (end.Outcome.HasFlag(CallOutcome.Cancelled))
            {
                throw new OperationCanceledException(cancellationToken);
            }

            return end.Outcome.HasFlag(CallOutcome.TimedOut)
                ? throw TooSlow(action, name, limit, isCommit, end.IsLeftBehind)
                : await end.Call.ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Add(ref _completed, isOfRun ? 1 : 0);
            Interlocked.CompareExchange(ref _current, null, doing);
        }
    }

    /// <summary>Frees something within the time of a call; what does not end is left behind. Never throws.</summary>
    public async ValueTask ReleaseAsync(Func<ValueTask> release)
    {
        var running = Task.Run(() => release().AsTask(), CancellationToken.None);
        await running.WaitAsync(timeouts.Sink, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private SinkException TooSlow(string action, string name, TimeSpan limit, bool isCommit, bool isLeftBehind)
    {
        var setting = isCommit ? nameof(BackupTimeouts.Archive) : nameof(BackupTimeouts.Sink);
        var rest = isLeftBehind ? "; the call does not heed its cancellation and was left behind" : string.Empty;
        return new SinkException(string.Create(
            CultureInfo.InvariantCulture,
            $"The sink '{location}' hangs: {action} '{name}' took longer than {limit.TotalSeconds:0.###} s{rest}."))
        {
            Subject = name,
            Category = ErrorCategory.TimeOut,
            Hint = $"Look at the disk or the service behind it, or allow more time ({nameof(BackupOptions.Timeouts)}.{setting}).",

            // Whether a write or a commit that was cut has taken anything is not known; one left behind may still do so.
            IsTransient = !isLeftBehind && action is not (SinkActions.Write or SinkActions.Commit),
        };
    }
}

/// <summary>What calls of a sink do, for messages.</summary>
internal static class SinkActions
{
    public const string Create = "creating";
    public const string Write = "writing";
    public const string Commit = "committing";
    public const string Open = "opening";
    public const string Read = "reading";
    public const string List = "listing";
    public const string Delete = "deleting";
}
