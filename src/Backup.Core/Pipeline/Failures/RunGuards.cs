namespace Backup.Core.Pipeline.Failures;

/// <summary>Puts time-outs and retries around what a run calls. For one run.</summary>
internal sealed class RunGuards
{
    /// <summary>Prepares them.</summary>
    /// <param name="parts">What the pipeline was built from.</param>
    /// <param name="telemetry">Counts what is tried again.</param>
    public RunGuards(PipelineParts parts, RunTelemetry telemetry)
    {
        var timeouts = parts.Options.Timeouts;
        Retries = new Retries(parts.Resilience ?? Retries.CreatePipeline(parts.Options.Retries, parts.TimeProvider), telemetry.AddRetry, parts.Logger);
        Sink = new SinkCalls(parts.Sink.Capabilities.Location, timeouts, parts.TimeProvider);
        Parts = parts with
        {
            Sink = new RetryingSink(new TimedSink(parts.Sink, Sink), Retries),
            Source = parts.Source is { } source ? new RetryingRowSource(source, Retries) : null,
            Store = parts.Store?.Limit(timeouts.Transfer, parts.TimeProvider),
        };
    }

    /// <summary>The parts with the guards around them, to be used in place of those given.</summary>
    public PipelineParts Parts { get; }

    /// <summary>What tries again, and counts it.</summary>
    public Retries Retries { get; }

    /// <summary>The calls of the sink.</summary>
    public SinkCalls Sink { get; }

    /// <summary>Begins to watch whether the run moves.</summary>
    public ProgressWatchdog Watch(RunProgress progress, CancellationToken cancellationToken) =>
        new(progress, Sink, Parts.Options, Parts.TimeProvider, cancellationToken);
}
