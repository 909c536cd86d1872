using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.Hosting;
using Backup.Core.Pipeline.Failures;
using Backup.Core.Pipeline.Incremental;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Pipeline.Suspension;

namespace Backup.Core.Pipeline;

/// <summary>One part of a run, and mostly the only one: snapshot, schema, rows and objects, load script, and at last the manifest. Used once.</summary>
/// <remarks>
/// Until the manifest is committed the archive's disposal takes back all that was written, so that a run that ends in any
/// other way leaves nothing but what a later part can go on from. The snapshot is closed when the rows are read and the objects
/// listed, before the last download.
/// </remarks>
internal sealed class BackupRun
{
    /// <summary>The program and version, as backups name them.</summary>
    public static readonly string Program = $"Backup.Core {typeof(BackupRun).Assembly.GetName().Version?.ToString(3)}";

    private readonly PipelineParts _parts;
    private readonly RunGuards _guards;
    private readonly BackupRequest _request;
    private readonly BackupId _id;
    private readonly RunProgress _progress;
    private readonly DateTimeOffset _startedAt;
    private readonly HostLimits _host;
    private readonly RunLog _log;
    private ArchiveWriter? _archive;

    /// <summary>Prepares a run.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The memory budget is too small for the compressor.</exception>
    public BackupRun(PipelineParts parts, BackupRequest request, BackupId id, RunProgress progress)
    {
        _guards = new RunGuards(parts, progress.Telemetry);
        _parts = _guards.Parts;
        _request = parts.Distribution is null ? request : request with { SharesSnapshot = true };
        _id = id;
        _progress = progress;
        _startedAt = parts.TimeProvider.GetUtcNow();
        _host = HostLimits.Detect(parts.Options.Host);
        _log = new RunLog(parts.Logger, id);
        Plan = ResourcePlan.Create(parts.Options, parts.Lanes, parts.Compressor, _host);
        Buffers = new BufferPool(Plan.BudgetBytes);
        Budget = new MemoryBudget(Plan.BudgetBytes);
        progress.WatchMemory(() => new BufferUse(Buffers.LiveBytes, Budget.TotalBytes), parts.Memory);
    }

    /// <summary>The sizes in force.</summary>
    public ResourcePlan Plan { get; private set; }

    /// <summary>The run's buffers; all are back when it has ended, in whatever way.</summary>
    public BufferPool Buffers { get; }

    /// <summary>The run's memory; all of it is free when it has ended, in whatever way.</summary>
    public MemoryBudget Budget { get; }

    /// <summary>Whether a run that did not come to its end has left something to go on from.</summary>
    public bool CanBeResumed => _archive is { CanBeResumed: true };

    /// <summary>Makes the backup, or as much of it as the time budget allows.</summary>
    /// <exception cref="BackupTimeoutException">Nothing moved any more.</exception>
    public async Task<BackupResult> ExecuteAsync(CancellationToken cancellationToken)
    {
        var watchdog = _guards.Watch(_progress, cancellationToken);
        await using var disposal = watchdog.ConfigureAwait(false);
        try
        {
            return await MakeAsync(watchdog.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (watchdog.Token.IsCancellationRequested)
        {
            // Whoever was first, the caller or the watchdog: a run has one end, and a caller who cancelled is told that he did.
            throw cancellationToken.IsCancellationRequested || watchdog.Fault is null
                ? new OperationCanceledException(exception.Message, exception, cancellationToken)
                : watchdog.Fault;
        }
    }

    private async Task<BackupResult> MakeAsync(CancellationToken cancellationToken)
    {
        using var deadline = new RunDeadline(_request.TimeBudget, _parts.TimeProvider);
        var watch = new MemoryWatch(Plan, Budget, Buffers, _parts.Memory, SinkBytes, _parts.TimeProvider, _parts.Logger, _id.Value);
        await using (watch.ConfigureAwait(false))
        {
            return await ExecuteAsync(watch, deadline, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<BackupResult> ExecuteAsync(MemoryWatch watch, RunDeadline deadline, CancellationToken cancellationToken)
    {
        _log.Begin(_parts, _host, Plan);
        _progress.Enter(BackupPhase.OpeningSnapshot);
        var part = await InBudgetAsync(
            deadline, token => RunPart.BeginAsync(_parts, _request, _id, Plan, token), cancellationToken).ConfigureAwait(false);
        await using (part.ConfigureAwait(false))
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, part.LostToken);
            try
            {
                return await ExecuteAsync(part, watch, deadline, stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception)
            {
                if (!cancellationToken.IsCancellationRequested)
                {
                    part.ThrowIfLost();
                }

                throw new OperationCanceledException(exception.Message, exception, cancellationToken);
            }
        }
    }

    private async Task<BackupResult> ExecuteAsync(RunPart part, MemoryWatch watch, RunDeadline deadline, CancellationToken cancellationToken)
    {
        try
        {
            var copied = await CopyAsync(part, watch, deadline, cancellationToken).ConfigureAwait(false);
            if (copied.Remaining is not null || _archive is not { } archive)
            {
                return SuspendedResultOf(part, copied, watch.Capture(_host.MemoryBytes.Value));
            }

            _progress.Enter(BackupPhase.Committing);
            var contents = await archive.CompleteAsync(cancellationToken).ConfigureAwait(false);
            _progress.SetStored(contents.StoredBytes);
            var manifest = ManifestOf(part, copied, contents, archive.FirstVolume);
            if (part.IsPreview)
            {
                return ResultOf(part, OutcomeOf(copied), manifest.Totals, copied, watch.Capture(_host.MemoryBytes.Value));
            }

            await archive.CommitAsync(manifest, cancellationToken).ConfigureAwait(false);
            return CommittedResultOf(part, manifest, copied, watch.Capture(_host.MemoryBytes.Value));
        }
        finally
        {
            await CloseArchiveAsync().ConfigureAwait(false);
            if (part.IsResumable)
            {
                _guards.Sink.GiveFree();
            }
        }
    }

    private async Task<CopiedContents> CopyAsync(RunPart part, MemoryWatch watch, RunDeadline deadline, CancellationToken cancellationToken)
    {
        var sources = await InBudgetAsync(
            deadline, token => OpenedSources.OpenAsync(_parts, _request, Plan, token), cancellationToken).ConfigureAwait(false);
        await using (sources.ConfigureAwait(false))
        {
            Plan = Plan.WithConnections(sources.Snapshot?.Connections ?? 0);
            watch.Use(Plan);
            _log.Opened(sources, Plan);
            await InBudgetAsync(deadline, token => part.ChooseBaseAsync(sources, token), cancellationToken).ConfigureAwait(false);
            var parents = part.Base is { } parent ? new ParentTables(parent.Manifest, parent.Index) : null;
            var tables = (sources.Snapshot?.Tables ?? [])
                .Select(table => new TableRun(table, part.Starts.For(table, parents?.Find(table)), _parts.TimeProvider)).ToList();
            _archive = part.OpenArchive(sources, tables);
            _progress.SetKept(_archive.StoredBytes);
            var job = new CopyJob(part, deadline, sources, _archive, tables, part.BucketsOf(sources));
            return await new ContentCopier(_parts, _request, _id, Plan, Buffers, Budget, _guards.Retries, _progress).CopyAsync(job, cancellationToken).ConfigureAwait(false);
        }
    }

    // A sink, a lock or a server that is waited for must not take longer than the whole run may.
    private async Task<T> InBudgetAsync<T>(RunDeadline deadline, Func<CancellationToken, Task<T>> open, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.DropToken);
        try
        {
            return await open(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.DropToken.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw SuspendedRun.TooShort(_id, _request.TimeBudget, _request.Resume is null);
        }
    }

    private long SinkBytes() => _parts.Sink.Capabilities.IsInMemory ? _progress.StoredBytes : 0;

    private BackupManifest ManifestOf(RunPart part, CopiedContents copied, ArchiveContents contents, int firstVolume) => new()
    {
        FormatVersion = contents.FormatVersion,
        Id = _id,
        Kind = part.Kind.Kind,
        Parent = part.Base?.Id,
        Chain = part.Base?.Chain ?? 0,
        WrittenBy = Program,
        StartedAt = part.RunStartedAt,
        FinishedAt = _parts.TimeProvider.GetUtcNow(),
        Parts = part.ToRecords(copied.Database?.Info, firstVolume),
        Database = part.Identify(copied.Database?.ToSection()),
        Storage = copied.Storage?.Section,
        Volumes = contents.Volumes,
        IndexParts = contents.IndexParts,
        ReferenceParts = contents.ReferenceParts,
        References = contents.References,
        Totals = contents.ToTotals(
            copied.Database?.Records.Sum(table => table.Rows) ?? 0, copied.Storage?.Section.Buckets.Sum(bucket => bucket.Objects) ?? 0),
        Superseded = part.SupersededBy(copied),
        Failures = copied.Failures,
    };

    private BackupResult CommittedResultOf(RunPart part, BackupManifest manifest, CopiedContents copied, BackupMemory memory)
    {
        var result = ResultOf(part, OutcomeOf(copied), manifest.Totals, copied, memory) with { Manifest = manifest };
        _log.Committed(manifest, result);
        _progress.Telemetry.Succeed(_parts.Sink.Capabilities.Location, manifest.FinishedAt);
        return result;
    }

    private static BackupOutcome OutcomeOf(CopiedContents copied) =>
        copied.Failures.Count + copied.Unsupported.Count == 0 ? BackupOutcome.Complete : BackupOutcome.CompletedWithFailures;

    private BackupResult SuspendedResultOf(RunPart part, CopiedContents copied, BackupMemory memory)
    {
        var totals = SuspendedRun.TotalsOf(copied, _archive?.StoredBytes ?? 0);
        var result = ResultOf(part, BackupOutcome.Suspended, totals, copied, memory) with { Remaining = copied.Remaining };
        _log.Suspended(result);
        return result;
    }

    private BackupResult ResultOf(RunPart part, BackupOutcome outcome, BackupTotals totals, CopiedContents copied, BackupMemory memory)
    {
        var (counts, duration) = (_progress.Counts, _progress.Elapsed);
        return new BackupResult
        {
            Id = _id,
            Part = part.Number,
            Outcome = outcome,
            Kind = part.Kind.Kind,
            KindReason = part.Kind.Reason,
            Parent = part.Base?.Id,
            Changes = outcome != BackupOutcome.Suspended && (part.Base is not null || part.IsPreview) ? ChangeReport.Of(copied, part.Base?.Manifest) : null,
            StartedAt = _startedAt,
            Duration = duration,
            Totals = totals,
            Tables = copied.Database?.Results ?? [],
            Buckets = copied.Storage?.Results ?? [],
            Failures = copied.Failures,
            Unsupported = copied.Unsupported,
            Manifest = null,
            Workers = _parts.Divided?.Workers ?? 0,
            Connections = _parts.Divided?.Connections ?? Plan.Connections,
            CompressionWorkers = _parts.Divided?.CompressionWorkers ?? Plan.Workers,
            MemoryBudgetBytes = _parts.Divided?.MemoryBudgetBytes ?? Plan.BudgetBytes,
            Profile = Plan.Profile,
            Memory = memory,
            Phases = _progress.Phases,
            Retries = _progress.Telemetry.Retries,
            BytesPerSecond = Rate.PerSecond(counts.Bytes, duration),
            RowsPerSecond = Rate.PerSecond(counts.Rows, duration),
            ObjectsPerSecond = Rate.PerSecond(counts.Objects, duration),
        };
    }

    // Closing must not hide what went wrong before it.
    private async Task CloseArchiveAsync()
    {
        if (_archive is not { } archive)
        {
            return;
        }

        try
        {
            await archive.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _parts.Logger.CleanUpFailed("archive", exception);
        }

        if (archive.Left is { } left)
        {
            _parts.Logger.FilesLeft(_id.Value, string.Join(", ", left.Names), left.Cause);
        }
    }
}
