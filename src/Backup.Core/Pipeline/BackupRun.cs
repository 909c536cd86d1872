using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Diagnostics;
using Backup.Core.Hosting;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Pipeline.Stages;
using Backup.Core.Pipeline.Texts;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline;

/// <summary>One run: snapshot, schema, rows and objects, load script, and at last the manifest. Used once.</summary>
/// <remarks>
/// Until the manifest is committed the archive's disposal takes back all that was written, so that a run that ends in any
/// other way leaves nothing. The snapshot is closed when the rows are read and the objects listed, before the last download.
/// </remarks>
internal sealed class BackupRun
{
    private static readonly string Program = $"Backup.Core {typeof(BackupRun).Assembly.GetName().Version?.ToString(3)}";

    private readonly PipelineParts _parts;
    private readonly BackupRequest _request;
    private readonly BackupId _id;
    private readonly RunProgress _progress;
    private readonly DateTimeOffset _startedAt;
    private readonly HostLimits _host;

    /// <summary>Prepares a run.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The memory budget is too small for the compressor.</exception>
    public BackupRun(PipelineParts parts, BackupRequest request, BackupId id, RunProgress progress)
    {
        _parts = parts;
        _request = request;
        _id = id;
        _progress = progress;
        _startedAt = parts.TimeProvider.GetUtcNow();
        _host = HostLimits.Detect(parts.Options.Host);
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

    /// <summary>Makes the backup.</summary>
    public async Task<BackupResult> ExecuteAsync(CancellationToken cancellationToken)
    {
        var watch = new MemoryWatch(Plan, Budget, Buffers, _parts.Memory, SinkBytes, _parts.TimeProvider, _parts.Logger, _id.Value);
        await using (watch.ConfigureAwait(false))
        {
            return await ExecuteAsync(watch, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<BackupResult> ExecuteAsync(MemoryWatch watch, CancellationToken cancellationToken)
    {
        _parts.Logger.RunStarted(_id.Value, _parts.Description, _parts.Sink.Capabilities.Location);
        if (_parts.Logger.IsEnabled(LogLevel.Information))
        {
            _parts.Logger.OptionsInForce(_id.Value, OptionsText.Of(_parts.Options));
        }

        _progress.Enter(BackupPhase.OpeningSnapshot);
        var archive = new ArchiveWriter(_parts.Sink, _id, new ArchiveWriterOptions { VolumeBytes = _parts.Options.VolumeBytes });
        try
        {
            var copied = await CopyAsync(archive, watch, cancellationToken).ConfigureAwait(false);
            _progress.Enter(BackupPhase.Committing);
            var contents = await archive.CompleteAsync(cancellationToken).ConfigureAwait(false);
            _progress.SetStored(contents.StoredBytes);
            var manifest = ManifestOf(copied, contents);
            await archive.CommitAsync(manifest, cancellationToken).ConfigureAwait(false);
            return ResultOf(manifest, copied, watch.Capture(_host.MemoryBytes.Value));
        }
        finally
        {
            await CloseAsync(archive).ConfigureAwait(false);
            if (archive.Left is { } left)
            {
                _parts.Logger.FilesLeft(_id.Value, string.Join(", ", left.Names), left.Cause);
            }
        }
    }

    private async Task<CopiedContents> CopyAsync(ArchiveWriter archive, MemoryWatch watch, CancellationToken cancellationToken)
    {
        var sources = await OpenedSources.OpenAsync(_parts, _request, Plan, cancellationToken).ConfigureAwait(false);
        await using (sources.ConfigureAwait(false))
        {
            return await CopyAsync(archive, sources, watch, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<CopiedContents> CopyAsync(
        ArchiveWriter archive, OpenedSources sources, MemoryWatch watch, CancellationToken cancellationToken)
    {
        Plan = Plan.WithConnections(sources.Snapshot?.Connections ?? 0);
        watch.Use(Plan);
        LogSources(sources);
        var tables = (sources.Snapshot?.Tables ?? []).Select(table => new TableRun(table, _parts.TimeProvider)).ToList();
        var buckets = sources.Buckets.Select(bucket => new BucketRun(bucket, _parts.TimeProvider)).ToList();
        _progress.SetTables(tables);
        _progress.Objects.SetBuckets(buckets);

        var texts = new RunTexts(archive, _parts.Compressor, Buffers, Plan);
        await texts.WriteGuideAsync(GuideFactsOf(sources), cancellationToken).ConfigureAwait(false);
        if (sources.Store is not null)
        {
            await texts.WriteBucketsAsync([.. sources.Buckets.Select(bucket => bucket.Info)], cancellationToken).ConfigureAwait(false);
        }

        _progress.Enter(BackupPhase.Copying);
        var failures = new ObjectFailures(_parts.Options.MaxObjectFailures, _progress.Objects, _parts.Logger);
        var stages = new CopyStages(Plan, Buffers, Budget, _progress, archive);
        var rows = RowsOf(sources, tables);
        await stages.RunAsync(sources, rows, ObjectsOf(sources, buckets, failures), cancellationToken).ConfigureAwait(false);

        var copied = new CopiedContents(
            sources.Snapshot is null ? null : CopiedDatabase.Of(sources.Snapshot, tables),
            sources is { Store: { } store, Listing: { } listing }
                ? CopiedStorage.Of(store.Capabilities.Location, listing.Method, _request.Objects.Prefix, buckets, failures)
                : null);
        if (copied.Database is not null)
        {
            await texts.WriteLoadScriptAsync(copied.Database, rows?.Sequences ?? [], cancellationToken).ConfigureAwait(false);
        }

        return copied;
    }

    private long SinkBytes() => _parts.Sink.Capabilities.IsInMemory ? _progress.StoredBytes : 0;

    private DatabaseLane? RowsOf(OpenedSources sources, IReadOnlyList<TableRun> tables) => sources.Snapshot is { } snapshot
        ? new DatabaseLane(_parts, snapshot, tables, _request.ContinueOnTableFailure, _progress)
        : null;

    private StorageLane? ObjectsOf(OpenedSources sources, IReadOnlyList<BucketRun> buckets, ObjectFailures failures) =>
        sources is { Store: { } store, Listing: { } listing }
            ? new StorageLane(_parts, store, listing, buckets, _request.Objects.Prefix, failures, _progress.Objects)
            : null;

    private void LogSources(OpenedSources sources)
    {
        if (sources.Snapshot is { } snapshot)
        {
            _parts.Logger.SnapshotOpened(_id.Value, snapshot.Info.DatabaseName, snapshot.Info.TakenAt, snapshot.Tables.Count);
        }

        if (sources is { Store: { } store, Listing: { } listing })
        {
            var method = listing.Method == ObjectListingMethod.Database ? "database" : "store";
            _parts.Logger.BucketsFound(_id.Value, sources.Buckets.Count, store.Capabilities.Location, method, Plan.Transfers);
        }

        if (_parts.Logger.IsEnabled(LogLevel.Information))
        {
            _parts.Logger.HostFound(_id.Value, ExplainedValue.Join(_host.Explain()));
            _parts.Logger.ResourcesPlanned(_id.Value, ExplainedValue.Join(Plan.Explanations));
        }
    }

    private RestoreGuideFacts GuideFactsOf(OpenedSources sources) => new()
    {
        Id = _id,
        WrittenBy = Program,
        Method = _parts.Compressor.Method,
        Database = sources.Snapshot?.Info is { } info
            ? new RestoreGuideDatabase(info.DatabaseName, info.ServerVersion, info.Encoding, info.TakenAt)
            : null,
        Storage = sources is { Store: { } store, Listing: { } listing }
            ? new RestoreGuideStorage(store.Capabilities.Location, listing.Method)
            : null,
    };

    private BackupManifest ManifestOf(CopiedContents copied, ArchiveContents contents) => new()
    {
        FormatVersion = $"{BackupManifest.CurrentMajorVersion}.{BackupManifest.CurrentMinorVersion}",
        Id = _id,
        WrittenBy = Program,
        StartedAt = _startedAt,
        FinishedAt = _parts.TimeProvider.GetUtcNow(),
        Database = copied.Database?.ToSection(),
        Storage = copied.Storage?.Section,
        Volumes = contents.Volumes,
        IndexParts = contents.IndexParts,
        Totals = new BackupTotals(
            contents.Entries, copied.Database?.Records.Sum(table => table.Rows) ?? 0, contents.RawBytes, contents.StoredBytes)
        {
            Objects = copied.Storage?.Section.Buckets.Sum(bucket => bucket.Objects) ?? 0,
        },
        Failures = copied.Failures,
    };

    private BackupResult ResultOf(BackupManifest manifest, CopiedContents copied, BackupMemory memory)
    {
        var elapsed = _progress.Elapsed;
        _parts.Logger.RunCommitted(
            _id.Value, manifest.Totals.Rows, manifest.Totals.Objects, manifest.Totals.RawBytes, manifest.Totals.StoredBytes, manifest.Failures.Count, elapsed);
        var result = new BackupResult
        {
            Id = _id,
            Outcome = manifest.Failures.Count == 0 ? BackupOutcome.Complete : BackupOutcome.CompletedWithFailures,
            StartedAt = _startedAt,
            Duration = elapsed,
            Totals = manifest.Totals,
            Tables = copied.Database?.Results ?? [],
            Buckets = copied.Storage?.Results ?? [],
            Failures = manifest.Failures,
            Manifest = manifest,
            Connections = Plan.Connections,
            CompressionWorkers = Plan.Workers,
            MemoryBudgetBytes = Plan.BudgetBytes,
            Profile = Plan.Profile,
            Memory = memory,
            Phases = _progress.Phases,
            Retries = _progress.Telemetry.Retries,
        };
        _parts.Logger.RunMeasured(_id.Value, result.BytesPerSecond, result.ErrorRate, result.Retries.Total, result.Memory.PeakBufferBytes);
        _progress.Telemetry.Succeed(_parts.Sink.Capabilities.Location, manifest.FinishedAt);
        return result;
    }

    // Closing must not hide what went wrong before it.
    private async Task CloseAsync(ArchiveWriter archive)
    {
        try
        {
            await archive.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _parts.Logger.CleanUpFailed("archive", exception);
        }
    }
}
