using Backup.Core.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline;

/// <summary>Tells a caller of a run's progress at a bounded rate, never from two threads at once. One that throws is told nothing more.</summary>
internal sealed class ProgressReporter : IAsyncDisposable
{
    /// <summary>The time between two reports.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly IProgress<BackupProgress>? _receiver;
    private readonly Func<BackupProgress> _capture;
    private readonly ILogger _logger;
    private readonly ITimer? _timer;

    // Held while the receiver is called.
    private readonly Lock _reporting = new();
    private bool _isReceiverBroken;

    /// <summary>Starts to report.</summary>
    /// <param name="receiver">Who is told; nobody where it is <see langword="null"/>.</param>
    /// <param name="capture">Gives the progress of the moment; called by one thread at a time, not before the first interval is over.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Told when the receiver throws.</param>
    public ProgressReporter(IProgress<BackupProgress>? receiver, Func<BackupProgress> capture, TimeProvider timeProvider, ILogger logger)
    {
        _receiver = receiver;
        _capture = capture;
        _logger = logger;
        if (receiver is not null)
        {
            _timer = timeProvider.CreateTimer(_ => Tick(), null, Interval, Interval);
        }
    }

    /// <summary>Reports now, after a report that is under way.</summary>
    public void ReportNow()
    {
        lock (_reporting)
        {
            Report();
        }
    }

    /// <summary>Ends the reports; none is under way when this has ended.</summary>
    public ValueTask DisposeAsync() => _timer?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Tick()
    {
        // A receiver that is slower than the interval gets fewer reports, not a queue of them.
        if (!_reporting.TryEnter())
        {
            return;
        }

        try
        {
            Report();
        }
        finally
        {
            _reporting.Exit();
        }
    }

    private void Report()
    {
        if (_receiver is null || _isReceiverBroken)
        {
            return;
        }

        try
        {
            _receiver.Report(_capture());
        }
        catch (Exception exception)
        {
            // On a timer's thread it would end the process.
            _isReceiverBroken = true;
            _logger.ProgressReceiverFailed(exception);
        }
    }
}
