using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Pipeline.Distribution;
using Backup.Core.Pipeline.Failures;
using Backup.Core.Pipeline.Incremental;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Stages;
using Backup.Core.Pipeline.Suspension;
using Backup.Core.Pipeline.Texts;
using Backup.Core.Postgres.Server;
using Backup.Core.Postgres.Presets;

namespace Backup.Core.Pipeline;

/// <summary>Copies what one part of a run has opened into its archive: texts, rows and objects, as far as the deadline allows. Used once.</summary>
internal sealed class ContentCopier(
    PipelineParts parts,
    BackupRequest request,
    BackupId id,
    ResourcePlan plan,
    BufferPool buffers,
    MemoryBudget budget,
    Retries retries,
    RunProgress progress)
{
    /// <summary>Copies it.</summary>
    /// <exception cref="Errors.ResumeException">The deadline came before anything new was stored.</exception>
    public async Task<CopiedContents> CopyAsync(CopyJob job, CancellationToken cancellationToken)
    {
        progress.SetTables(job.Tables);
        progress.Objects.SetBuckets(job.Buckets);
        var texts = new RunTexts(job.Archive, parts.Compressor, buffers, plan);
        if (!job.Part.IsResumable)
        {
            await WriteFirstTextsAsync(job, texts, cancellationToken).ConfigureAwait(false);
        }

        progress.Enter(BackupPhase.Copying);
        var failures = new ObjectFailures(request.Failures.Objects, progress.Objects, parts.Logger);
        var (rows, objects, isCopied) = await RunStagesAsync(job, failures, cancellationToken).ConfigureAwait(false);
        if (!isCopied && !job.Deadline.IsReached)
        {
            throw new InvalidOperationException("The stages ended before everything was stored.");
        }

        if (isCopied)
        {
            failures.ThrowIfTooMany();
        }

        var copied = CopiedOf(job, rows, failures, isCopied);
        if (isCopied && await TryWriteLastTextsAsync(job, copied, rows, texts, cancellationToken).ConfigureAwait(false))
        {
            return copied;
        }

        if (!await job.Archive.SuspendAsync(cancellationToken).ConfigureAwait(false))
        {
            throw SuspendedRun.TooShort(id, request.TimeBudget, job.Part.Resumed is null);
        }

        return copied with { Remaining = SuspendedRun.RemainingOf(job.Tables, job.Buckets, objects is { IsComplete: false }) };
    }

    private async Task<(DatabaseLane? Rows, StorageLane? Objects, bool IsCopied)> RunStagesAsync(
        CopyJob job, ObjectFailures failures, CancellationToken cancellationToken)
    {
        var tableFailures = TableFailuresOf(job);
        var workers = parts.Distribution?.Begin(new DistributedWork(id, parts, request, plan, job, tableFailures, failures, progress));
        try
        {
            var rows = RowsOf(job, tableFailures, workers);
            var objects = workers is null ? ObjectsOf(job, failures) : null;
            var stages = new CopyStages(plan, buffers, budget, progress, job.Archive, job.Deadline);
            await stages.RunAsync(job.Sources, rows, objects, rows is null ? workers : null, cancellationToken).ConfigureAwait(false);
            workers?.Deliver(job.Archive);
            return (rows, objects, (rows?.IsComplete ?? true) && (objects?.IsComplete ?? true) && (workers?.IsComplete ?? true));
        }
        finally
        {
            if (workers is not null)
            {
                await workers.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private CopiedContents CopiedOf(CopyJob job, DatabaseLane? rows, ObjectFailures failures, bool isCopied) => new(
        job.Sources.Snapshot is null ? null : CopiedDatabase.Of(job.Sources.Snapshot, job.Tables) with
            {
                SchemaFingerprint = rows?.SchemaFingerprint,
                Roles = rows?.Roles,
                Unsupported = [.. (rows?.Unsupported ?? []).Select(item => new UnsupportedRecord(item.Name, item.Reason))],
                Preset = PresetName.Of(request.Tables.Preset),
            },
        job.Sources is { Store: { } store, Listing: { } listing }
            ? CopiedStorage.Of(store.Capabilities.Location, listing.Method, request.Objects.Prefix, job.Buckets, failures, isCopied)
            : null);

    private TableFailures? TableFailuresOf(CopyJob job)
    {
        if (job.Sources.Snapshot is not { Unreadable: var unreadable })
        {
            return null;
        }

        var failures = new TableFailures(request.Failures.Tables, job.Tables.Count + unreadable.Count, unreadable, parts.Logger);
        failures.ThrowIfTooMany();
        return failures;
    }

    private DatabaseLane? RowsOf(CopyJob job, TableFailures? failures, WorkerLane? workers) =>
        job.Sources.Snapshot is { } snapshot && failures is not null
            ? new DatabaseLane(
                parts,
                snapshot,
                [.. job.Tables.Where(table => table.Start.Kept is null)],
                failures,
                retries,
                holdsSchema: job.Part.IsResumable,
                progress)
            {
                ParentSchema = job.Part.Base is { } parent ? new ParentSchema(parent, parts.Logger) : null,
                Workers = workers,
                AllowsUnsupported = request.AllowUnsupported,
                IsPreview = job.Part.IsPreview,
                ReadsSchema = !job.Part.IsPreview,
                ReadsRoles = request.WithRoles,
            }
            : null;

    private StorageLane? ObjectsOf(CopyJob job, ObjectFailures failures) =>
        job.Sources is { Store: { } store, Listing: { } listing }
            ? new StorageLane(
                parts,
                store,
                listing,
                [.. job.Buckets.Where(bucket => !bucket.Bucket.IsGone)],
                request.Objects.Prefix,
                job.Part.Resumed,
                job.Part.Base?.Index,
                job.Part.IsPreview,
                failures,
                progress.Objects)
            : null;

    private async Task WriteFirstTextsAsync(CopyJob job, RunTexts texts, CancellationToken cancellationToken)
    {
        if (!job.Archive.MayReference)
        {
            await texts.WriteGuideAsync(GuideFactsOf(job), cancellationToken).ConfigureAwait(false);
        }

        if (job.Sources.Store is not null)
        {
            await texts.WriteBucketsAsync([.. job.Buckets.Select(bucket => bucket.Bucket.Info)], cancellationToken).ConfigureAwait(false);
        }
    }

    // False when the deadline came first. Those of a resumable run are all of the last part's snapshot, so that each part writes its own.
    private async Task<bool> TryWriteLastTextsAsync(
        CopyJob job, CopiedContents copied, DatabaseLane? rows, RunTexts texts, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, job.Deadline.DropToken);
        try
        {
            if (job.Part.IsResumable)
            {
                await job.Archive.BeginClosingVolumeAsync(cancellationToken).ConfigureAwait(false);
                await WriteFirstTextsAsync(job, texts, stop.Token).ConfigureAwait(false);
            }

            if (rows?.HeldSchema is { } schema)
            {
                await texts.WriteSchemaAsync(schema, rows.HeldServer ?? ServerObjects.None, rows.SharedFiles, stop.Token).ConfigureAwait(false);
            }

            if (copied.Database is not null)
            {
                await texts.WriteLoadScriptAsync(copied.Database, rows?.Sequences ?? [], stop.Token).ConfigureAwait(false);
            }

            if (job.Archive.MayReference)
            {
                // Last of all, because it names the backups that are needed.
                await texts.WriteGuideAsync(GuideFactsOf(job), stop.Token).ConfigureAwait(false);
            }

            return true;
        }
        catch (OperationCanceledException) when (job.Deadline.DropToken.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private RestoreGuideFacts GuideFactsOf(CopyJob job) => new()
    {
        Id = id,
        WrittenBy = BackupRun.Program,
        Method = parts.Compressor.Method,
        References = job.Archive.References,
        Database = job.Sources.Snapshot?.Info is { } info
            ? new RestoreGuideDatabase(info.DatabaseName, info.ServerVersion, info.Encoding, info.TakenAt, request.WithRoles)
            : null,
        Storage = job.Sources is { Store: { } store, Listing: { } listing }
            ? new RestoreGuideStorage(store.Capabilities.Location, listing.Method)
            : null,
    };
}
