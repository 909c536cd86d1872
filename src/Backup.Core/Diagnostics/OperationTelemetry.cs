using System.Diagnostics;

namespace Backup.Core.Diagnostics;

/// <summary>The span, the duration and the outcome of one backup, restore, verification or merge. One call of <see cref="Complete"/> or <see cref="Fail"/>, then disposal.</summary>
internal sealed class OperationTelemetry : IDisposable
{
    private readonly BackupInstruments _instruments;
    private readonly TimeProvider _timeProvider;
    private readonly string _operation;
    private readonly string _location;
    private readonly long _startedAt;
    private string _outcome = TelemetryValues.Failed;
    private string? _errorType;

    /// <summary>Begins an operation; its span is current in the calling method until it is disposed.</summary>
    /// <param name="instruments">What counts it.</param>
    /// <param name="operation">One of <see cref="TelemetryValues"/>.</param>
    /// <param name="span">The name of its span.</param>
    /// <param name="location">Where its backups are.</param>
    /// <param name="timeProvider">The clock.</param>
    public OperationTelemetry(BackupInstruments instruments, string operation, string span, string location, TimeProvider timeProvider)
    {
        _instruments = instruments;
        _operation = operation;
        _location = location;
        _timeProvider = timeProvider;
        _startedAt = timeProvider.GetTimestamp();
        Span = BackupSpans.Start(span);
        Span?.SetTag(BackupTelemetry.OperationAttribute, operation);
        Span?.SetTag(BackupTelemetry.LocationAttribute, location);
        _instruments.RunActive.Add(1, Tags());
    }

    /// <summary>The span, where somebody listens.</summary>
    public Activity? Span { get; }

    /// <summary>Says that it ended, and how.</summary>
    public void Complete(string outcome) => _outcome = outcome;

    /// <summary>Says that an exception ended it.</summary>
    public void Fail(Exception exception)
    {
        if (exception is OperationCanceledException)
        {
            _outcome = TelemetryValues.Cancelled;
            return;
        }

        _errorType = BackupSpans.ErrorType(exception);
        Span.Fail(exception);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _instruments.RunActive.Add(-1, Tags());
        var tags = Tags();
        tags.Add(BackupTelemetry.OutcomeAttribute, _outcome);
        if (_errorType is not null)
        {
            tags.Add(BackupTelemetry.ErrorAttribute, _errorType);
        }

        _instruments.RunDuration.Record(_timeProvider.GetElapsedTime(_startedAt).TotalSeconds, tags);
        Span?.SetTag(BackupTelemetry.OutcomeAttribute, _outcome);
        Span?.Dispose();
    }

    private TagList Tags() => new()
    {
        { BackupTelemetry.OperationAttribute, _operation },
        { BackupTelemetry.LocationAttribute, _location },
    };
}
