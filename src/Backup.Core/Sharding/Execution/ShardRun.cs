using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.Hosting;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Failures;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Pipeline.Stages;
using Backup.Core.Pipeline.Suspension;

namespace Backup.Core.Sharding.Execution;

/// <summary>One attempt at a shard: the stages of a run, over a part of its tables or objects, into volumes of its own. Used once.</summary>
/// <remarks>It writes no manifest and holds no lease: both are the coordinator's. Unless it comes to its end it takes back what it wrote.</remarks>
internal sealed class ShardRun
{
    // Often enough for people who watch, and far within the time after which nothing is said to move.
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(500);

    private readonly ShardOrder _order;
    private readonly ShardCalls _calls;
    private readonly RunProgress _progress;
    private readonly RunGuards _guards;
    private readonly PipelineParts _parts;
    private readonly HostLimits _host;
    private ResourcePlan _plan;

    private ShardRun(PipelineParts parts, ShardOrder order, ShardCalls calls, RunProgress progress)
    {
        _order = order;
        _calls = calls;
        _progress = progress;
        _guards = new RunGuards(ShardParts.For(parts, order), progress.Telemetry);
        _parts = _guards.Parts;
        _host = HostLimits.Detect(_parts.Options.Host);
        _plan = ResourcePlan.Create(_parts.Options, _parts.Lanes, _parts.Compressor, _host);
    }

    /// <summary>Makes the attempt.</summary>
    /// <param name="parts">What the worker reads and writes with.</param>
    /// <param name="order">What to do.</param>
    /// <param name="calls">The coordinator.</param>
    /// <param name="cancellationToken">Ends it, with nothing left.</param>
    /// <returns>What is durable.</returns>
    /// <exception cref="BackupException">It could not be done.</exception>
    public static async Task<ShardResult> ExecuteAsync(
        PipelineParts parts, ShardOrder order, ShardCalls calls, CancellationToken cancellationToken)
    {
        var progress = new RunProgress(order.Run, null, parts.TimeProvider, parts.Logger, parts.Instruments);
        await using var progressDisposal = progress.ConfigureAwait(false);
        return await new ShardRun(parts, order, calls, progress).ExecuteAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<ShardResult> ExecuteAsync(CancellationToken cancellationToken)
    {
        var watchdog = _guards.Watch(_progress, cancellationToken);
        await using var watchdogDisposal = watchdog.ConfigureAwait(false);
        using var end = new CancellationTokenSource();
        var reporting = ReportAsync(end.Token);
        try
        {
            return await CopyAsync(watchdog.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (watchdog.Fault is { } fault && !cancellationToken.IsCancellationRequested)
        {
            throw fault;
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await reporting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ShardResult> CopyAsync(CancellationToken cancellationToken)
    {
        var buffers = new BufferPool(_plan.BudgetBytes);
        var budget = new MemoryBudget(_plan.BudgetBytes);
        using var deadline = new RunDeadline(null, _parts.TimeProvider);
        var watch = new MemoryWatch(_plan, budget, buffers, _parts.Memory, SinkBytes, _parts.TimeProvider, _parts.Logger, _order.Run.Value);
        await using var watchDisposal = watch.ConfigureAwait(false);
        var sources = await OpenedSources.OpenAsync(_parts, new BackupRequest(), _plan, cancellationToken).ConfigureAwait(false);
        await using var sourcesDisposal = sources.ConfigureAwait(false);
        ThrowUnlessListedAlike(sources);
        _plan = _plan.WithConnections(sources.Snapshot?.Connections ?? 0);
        watch.Use(_plan);

        _progress.Enter(BackupPhase.Copying);
        var contents = new ShardContents(_order, _parts, _progress);
        var archive = new ArchiveWriter(_parts.Sink, _order.Run, ArchiveOptions());
        await using var archiveDisposal = new QuietArchive(archive, _parts.Logger).ConfigureAwait(false);
        var stages = new CopyStages(_plan, buffers, budget, _progress, archive, deadline);
        var rows = contents.RowsOf(sources, _guards.Retries);
        var objects = contents.ObjectsOf(sources);
        await stages.RunAsync(sources, rows, objects, null, cancellationToken).ConfigureAwait(false);
        if (!(rows?.IsComplete ?? true) || !(objects?.IsComplete ?? true))
        {
            throw new InvalidOperationException("The stages ended before everything was stored.");
        }

        var written = await archive.CompleteAsync(cancellationToken).ConfigureAwait(false);
        _progress.SetStored(written.StoredBytes);
        var result = contents.ToResult(written);
        archive.HandOver();
        return result;
    }

    private ArchiveWriterOptions ArchiveOptions() => new()
    {
        VolumeBytes = _parts.Options.VolumeBytes,
        MaxEntriesPerVolume = _plan.EntriesPerVolume,
        IndexBytes = _plan.IndexBytes,
        Numbers = _calls,
        TimeProvider = _parts.TimeProvider,
    };

    // A range of names means the names of the snapshot: what a store lists itself would be another set.
    private void ThrowUnlessListedAlike(OpenedSources sources)
    {
        if (sources.Listing is { } listing && listing.Method != _order.Listing)
        {
            throw new DatabaseException("The worker cannot list the stored objects in the snapshot of the run, as its coordinator does.")
            {
                Subject = _order.Run.Value,
                Category = ErrorCategory.Conflict,
                IsTransient = true,
                Hint = "Another session may have locked storage.objects exclusively: run the backup again when it is done, or without workers.",
            };
        }
    }

    private long SinkBytes() => _parts.Sink.Capabilities.IsInMemory ? _progress.StoredBytes : 0;

    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(ReportInterval, _parts.TimeProvider);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            await _calls.ReportAsync(_progress.ToWorkerCounts(), cancellationToken).ConfigureAwait(false);
        }
    }
}
