using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.Diagnostics;
using Backup.Core.Hosting;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Pipeline.Stages;
using Backup.Core.Pipeline.Texts;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Pipeline;

/// <summary>One run: snapshot, schema, rows, load script, and at last the manifest. Used once.</summary>
/// <remarks>
/// Until the manifest is committed the archive's disposal takes back all that was written, so that a run that ends in any
/// other way leaves nothing. The snapshot is closed before the last volume is: locks are not held for an upload.
/// </remarks>
internal sealed class BackupRun
{
    private static readonly string Program = $"Backup.Core {typeof(BackupRun).Assembly.GetName().Version?.ToString(3)}";

    private readonly PipelineParts _parts;
    private readonly BackupRequest _request;
    private readonly BackupId _id;
    private readonly RunProgress _progress;
    private readonly DateTimeOffset _startedAt;

    /// <summary>Prepares a run.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The memory budget is too small for the compressor.</exception>
    public BackupRun(PipelineParts parts, BackupRequest request, BackupId id, RunProgress progress)
    {
        _parts = parts;
        _request = request;
        _id = id;
        _progress = progress;
        _startedAt = parts.TimeProvider.GetUtcNow();
        Plan = ResourcePlan.Create(parts.Options, parts.Compressor, HostLimits.Read());
        Buffers = new BufferPool(Plan.BudgetBytes);
        Budget = new MemoryBudget(Plan.BudgetBytes);
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
        _parts.Logger.RunStarted(_id.Value, _parts.Source.Description, _parts.Sink.Capabilities.Location);
        _progress.Enter(BackupPhase.OpeningSnapshot);
        var archive = new ArchiveWriter(_parts.Sink, _id, new ArchiveWriterOptions { VolumeBytes = _parts.Options.VolumeBytes });
        try
        {
            var copied = await CopyAsync(archive, cancellationToken).ConfigureAwait(false);
            _progress.Enter(BackupPhase.Committing);
            var contents = await archive.CompleteAsync(cancellationToken).ConfigureAwait(false);
            var manifest = ManifestOf(copied, contents);
            await archive.CommitAsync(manifest, cancellationToken).ConfigureAwait(false);
            return ResultOf(manifest, copied);
        }
        finally
        {
            await CloseAsync(archive, "archive").ConfigureAwait(false);
            if (archive.Left is { } left)
            {
                _parts.Logger.FilesLeft(_id.Value, string.Join(", ", left.Names), left.Cause);
            }
        }
    }

    private async Task<CopiedDatabase> CopyAsync(ArchiveWriter archive, CancellationToken cancellationToken)
    {
        var snapshot = await _parts.Source
            .OpenAsync(_request, _parts.Options, Plan.Connections, _parts.Logger, cancellationToken).ConfigureAwait(false);
        try
        {
            return await CopyAsync(archive, snapshot, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await CloseAsync(snapshot, "snapshot").ConfigureAwait(false);
        }
    }

    private async Task<CopiedDatabase> CopyAsync(ArchiveWriter archive, RowSnapshot snapshot, CancellationToken cancellationToken)
    {
        var host = HostLimits.Read();
        Plan = Plan with { Connections = snapshot.Connections };
        _parts.Logger.SnapshotOpened(_id.Value, snapshot.Info.DatabaseName, snapshot.Info.TakenAt, snapshot.Tables.Count);
        _parts.Logger.ResourcesPlanned(
            _id.Value, Plan.Connections, Plan.Workers, Plan.BudgetBytes, Plan.PagesInFlight, Plan.ShareBytes, host.Processors, host.MemoryBytes);

        var tables = snapshot.Tables.Select(table => new TableRun(table, _parts.TimeProvider)).ToList();
        _progress.SetTables(tables);
        _progress.Enter(BackupPhase.ReadingSchema);
        var texts = new TextEntries(archive, _parts.Compressor, Buffers, Plan);
        var sequences = await CopySchemaAsync(archive, texts, snapshot, cancellationToken).ConfigureAwait(false);

        _progress.Enter(BackupPhase.CopyingRows);
        var lane = new DatabaseLane(_parts, Plan, Buffers, Budget, _progress);
        await lane.RunAsync(snapshot, tables, archive, _request.ContinueOnTableFailure, cancellationToken).ConfigureAwait(false);
        await snapshot.ConfirmAsync(cancellationToken).ConfigureAwait(false);

        var copied = CopiedDatabase.Of(snapshot, tables);
        await texts.WriteAsync(
            EntryPaths.LoadData,
            (stream, token) => LoadScript.WriteAsync(stream, snapshot.Info.Encoding, copied.Records, sequences, token),
            cancellationToken).ConfigureAwait(false);
        return copied;
    }

    // Gives back only what the load script needs: the definitions of a large schema are not held while rows are read.
    private async Task<IReadOnlyList<string>> CopySchemaAsync(
        ArchiveWriter archive, TextEntries texts, RowSnapshot snapshot, CancellationToken cancellationToken)
    {
        var schema = await snapshot.ReadSchemaAsync(cancellationToken).ConfigureAwait(false);
        var guide = RestoreGuide.Write(GuideFactsOf(snapshot.Info));

        // Not packed: whoever has no tool for the codec must still be able to read which one is needed.
        var plain = new TextEntries(archive, new NoCompressor(), Buffers, Plan);
        await plain.WriteAsync(
            EntryPaths.RestoreGuide, (stream, token) => stream.WriteAsync(guide, token).AsTask(), cancellationToken).ConfigureAwait(false);
        await texts.WriteAsync(
            EntryPaths.Toc, (stream, token) => TocFile.WriteAsync(stream, schema, token), cancellationToken).ConfigureAwait(false);
        await texts.WriteAsync(
            EntryPaths.PreData,
            (stream, token) => SchemaScript.WriteAsync(stream, schema, TocSection.PreData, token),
            cancellationToken).ConfigureAwait(false);
        await texts.WriteAsync(
            EntryPaths.PostData,
            (stream, token) => SchemaScript.WriteAsync(stream, schema, TocSection.PostData, token),
            cancellationToken).ConfigureAwait(false);
        return [.. schema.Entries.Where(entry => entry is { Section: TocSection.Data, Create.Length: > 0 }).Select(entry => entry.Create)];
    }

    private RestoreGuideFacts GuideFactsOf(SnapshotInfo snapshot) => new()
    {
        Id = _id,
        WrittenBy = Program,
        Method = _parts.Compressor.Method,
        Database = new RestoreGuideDatabase(snapshot.DatabaseName, snapshot.ServerVersion, snapshot.Encoding, snapshot.TakenAt),
    };

    private BackupManifest ManifestOf(CopiedDatabase copied, ArchiveContents contents) => new()
    {
        FormatVersion = $"{BackupManifest.CurrentMajorVersion}.{BackupManifest.CurrentMinorVersion}",
        Id = _id,
        WrittenBy = Program,
        StartedAt = _startedAt,
        FinishedAt = _parts.TimeProvider.GetUtcNow(),
        Database = copied.ToSection(),
        Volumes = contents.Volumes,
        IndexParts = contents.IndexParts,
        Totals = new BackupTotals(contents.Entries, copied.Records.Sum(table => table.Rows), contents.RawBytes, contents.StoredBytes),
        Failures = copied.Failures,
    };

    private BackupResult ResultOf(BackupManifest manifest, CopiedDatabase copied)
    {
        var elapsed = _progress.Elapsed;
        _parts.Logger.RunCommitted(
            _id.Value, manifest.Totals.Rows, manifest.Totals.RawBytes, manifest.Totals.StoredBytes, manifest.Failures.Count, elapsed);
        return new BackupResult
        {
            Id = _id,
            Outcome = manifest.Failures.Count == 0 ? BackupOutcome.Complete : BackupOutcome.CompletedWithFailures,
            StartedAt = _startedAt,
            Duration = elapsed,
            Totals = manifest.Totals,
            Tables = copied.Results,
            Failures = manifest.Failures,
            Manifest = manifest,
            Connections = Plan.Connections,
            CompressionWorkers = Plan.Workers,
            MemoryBudgetBytes = Plan.BudgetBytes,
            PeakBufferBytes = Buffers.PeakBytes,
        };
    }

    // Closing must not hide what went wrong before it.
    private async Task CloseAsync(IAsyncDisposable part, string subject)
    {
        try
        {
            await part.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _parts.Logger.CleanUpFailed(subject, exception);
        }
    }
}
