using Backup.Core.Archives;
using Backup.Core.Catalog;
using Backup.Core.Diagnostics;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Postgres;
using Backup.Core.Restore.Files;
using Backup.Core.Restore.LargeObjects;
using Backup.Core.Restore.Managed;
using Backup.Core.Restore.Server;
using Backup.Core.Sinks;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Restore;

/// <summary>Opens the backup, examines the targets, and takes the steps of a restore one after another.</summary>
internal sealed class RestorePipeline(
    IBackupSink sink,
    TargetDatabase? database,
    ObjectStoreSource? objects,
    RestoreOptions options,
    ILogger<RestorePipeline> logger,
    TimeProvider timeProvider,
    BackupInstruments instruments)
    : IRestorePipeline
{
    /// <inheritdoc/>
    public async Task<RestoreResult> RunAsync(
        RestoreRequest request, IProgress<RestoreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RestoreRequestRules.ThrowIfUnusable(request, database is not null, objects is not null);
        using var operation = new OperationTelemetry(
            instruments, TelemetryValues.Restore, BackupTelemetry.RestoreSpan, sink.Capabilities.Location, timeProvider);
        try
        {
            var result = await OpenAndRunAsync(request, progress, cancellationToken).ConfigureAwait(false);
            operation.Span?.SetTag(BackupTelemetry.IdAttribute, result.Backup.Value);
            operation.Complete(result.Failures.Count == 0 ? TelemetryValues.Complete : TelemetryValues.CompletedWithFailures);
            return result;
        }
        catch (Exception exception)
        {
            operation.Fail(exception);
            throw;
        }
    }

    private async Task<RestoreResult> OpenAndRunAsync(
        RestoreRequest request, IProgress<RestoreProgress>? progress, CancellationToken cancellationToken)
    {
        var store = objects?.Open();
        try
        {
            return database is null
                ? await RunAsync(request, store, null, progress, cancellationToken).ConfigureAwait(false)
                : await database.UseAsync(source => RunAsync(request, store, source, progress, cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            if (objects is { IsOwnedByRun: true })
            {
                (store as IDisposable)?.Dispose();
            }
        }
    }

    private async Task<RestoreResult> RunAsync(
        RestoreRequest request,
        IObjectStore? store,
        PostgresSource? source,
        IProgress<RestoreProgress>? progress,
        CancellationToken cancellationToken)
    {
        // Connecting takes as long as reading the table of contents. But a listing of files may take so long that something
        // on the way closes a connection that waits for it.
        var opening = source is not null && store is null ? new OpeningSession(source, cancellationToken) : null;
        try
        {
            return await RunAsync(request, store, source, opening, progress, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (opening is not null)
            {
                await opening.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<RestoreResult> RunAsync(
        RestoreRequest request,
        IObjectStore? store,
        PostgresSource? source,
        OpeningSession? opening,
        IProgress<RestoreProgress>? progress,
        CancellationToken cancellationToken)
    {
        var tracker = new RestoreTracker(progress, timeProvider, options.ProgressInterval) { Instruments = instruments };
        tracker.Enter(RestorePhase.Preparing);
        var manifest = await new BackupCatalog(sink)
            .FindAsync(request.Backup?.Value ?? BackupCatalog.Latest, cancellationToken).ConfigureAwait(false);
        var archive = await ArchiveReader.OpenAsync(sink, manifest.Id, cancellationToken).ConfigureAwait(false);
        var set = source is null ? null : await RestoreSetReader.ReadAsync(archive, request, cancellationToken).ConfigureAwait(false);

        // The store before the database: a Storage server makes its tables when it is first asked.
        var files = store is null
            ? null
            : await FilesLane.PrepareAsync(archive, store, request, options, tracker, cancellationToken).ConfigureAwait(false);
        await ReferenceCheck.RunAsync(archive, request, set, files is not null, cancellationToken).ConfigureAwait(false);
        var (plan, loads) = source is null
            ? (await RunFilesAsync(archive, request, files!, tracker, cancellationToken).ConfigureAwait(false), [])
            : await RunAsync(request, source, opening, archive, set!, files, tracker, cancellationToken).ConfigureAwait(false);
        tracker.Enter(RestorePhase.Completed);
        RestoreLog.Ended(logger, tracker);
        return RestoreSummary.MakeResult(manifest.Id, request, plan, loads, files?.ToResult() ?? [], tracker);
    }

    private async Task<RestorePlan> RunFilesAsync(
        ArchiveReader archive, RestoreRequest request, FilesLane files, RestoreTracker tracker, CancellationToken cancellationToken)
    {
        tracker.Plan = RestorePlanner.MakePlan(null, null, files.ToPlan());
        if (request.DryRun)
        {
            await files.ForecastAsync(cancellationToken).ConfigureAwait(false);
            return RestorePlanner.MakePlan(null, null, files.ToPlan());
        }

        RestoreLog.BeginsFiles(logger, archive.Manifest.Id, files.Location, tracker.Plan.Files.Objects, tracker.Plan.Buckets.Count, options.Transfers);
        await files.CreateBucketsAsync(cancellationToken).ConfigureAwait(false);
        await files.RunAsync(null, cancellationToken).ConfigureAwait(false);
        return tracker.Plan;
    }

    private async Task<(RestorePlan Plan, IReadOnlyList<TableLoad> Loads)> RunAsync(
        RestoreRequest request,
        PostgresSource source,
        OpeningSession? opening,
        ArchiveReader archive,
        RestoreSet set,
        FilesLane? files,
        RestoreTracker tracker,
        CancellationToken cancellationToken)
    {
        RestoreContext context;
        BorrowedRoles borrowed;
        TargetStorageSchema? storage;
        var session = await (opening?.TakeAsync() ?? TargetSession.OpenAsync(source, cancellationToken)).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            storage = files is { WritesRows: true } ? await TargetStorageSchema.FindAsync(session, cancellationToken).ConfigureAwait(false) : null;
            set = storage?.TakeOutOf(set, request) ?? set;
            if (set.Preset == DatabasePreset.Supabase)
            {
                var backup = new ManagedBackup(archive.Manifest.Database?.Preset is not null, files is null && archive.Manifest.Storage is not null);
                set = await ManagedTarget.FitAsync(session, set, request, backup, tracker, cancellationToken).ConfigureAwait(false);
            }

            set = await TargetFit.ApplyAsync(session, set, request, cancellationToken).ConfigureAwait(false);
            (set, var obstacles) = await LargeObjectInspection.InspectAsync(session, archive, set, request, cancellationToken).ConfigureAwait(false);
            var inspection = (await TargetInspection.InspectAsync(session, set, request, cancellationToken).ConfigureAwait(false)).With(obstacles);
            foreach (var notice in set.Notices)
            {
                tracker.Notice(notice);
            }

            tracker.Plan = RestorePlanner.MakePlan(set, inspection, files?.ToPlan() ?? [], request.AllowUnsupported);
            if (request.DryRun)
            {
                await (files?.ForecastAsync(cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
                return (RestorePlanner.MakePlan(set, inspection, files?.ToPlan() ?? [], request.AllowUnsupported), []);
            }

            RestorePlanner.ThrowIfRefused(tracker.Plan, source.Description);
            context = CreateContext(request, source, archive, set, inspection, tracker);
            RestoreLog.Begins(
                logger, archive.Manifest.Id, source.Description, tracker.Plan.Objects.Count, tracker.Plan.Tables.Count, context.Connections);
            borrowed = new BorrowedRoles(context);
            await PrepareTargetsAsync(context, session, borrowed, files, cancellationToken).ConfigureAwait(false);
            if (request is { SkipOwnersAndPrivileges: false, Scope: not RestoreScope.DataOnly })
            {
                context = context with { DefaultPrivileges = await DefaultPrivileges.ReadAsync(session, cancellationToken).ConfigureAwait(false) };
            }
        }

        var loads = await TransferAsync(context, files, storage is null ? null : source, cancellationToken).ConfigureAwait(false);
        await FinishAsync(context, borrowed, cancellationToken).ConfigureAwait(false);
        return (tracker.Plan, loads);
    }

    private static async Task FinishAsync(RestoreContext context, BorrowedRoles borrowed, CancellationToken cancellationToken)
    {
        if (context.Set.Server.Settings is null && !borrowed.IsAny)
        {
            return;
        }

        // One connection for both: what is set of the database may keep another one out, or from writing.
        var session = await context.OpenAsync(isAlone: true, cancellationToken).ConfigureAwait(false);
        await using var disposal = session.ConfigureAwait(false);
        await new DatabaseSettingsStep(context).RunAsync(session, cancellationToken).ConfigureAwait(false);
        await borrowed.ReturnAsync(session, cancellationToken).ConfigureAwait(false);
    }

    private static async Task PrepareTargetsAsync(
        RestoreContext context, TargetSession session, BorrowedRoles borrowed, FilesLane? files, CancellationToken cancellationToken)
    {
        await (files?.CreateBucketsAsync(cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        context.Tracker.Enter(RestorePhase.PreData);
        await new RolesStep(session, borrowed, context).RunAsync(cancellationToken).ConfigureAwait(false);
        if (context.Request.Scope != RestoreScope.DataOnly)
        {
            await new PreDataStep(session, context.Set, context.Target, context.Request, context.Tracker, context.TimeProvider)
                .RunAsync(cancellationToken).ConfigureAwait(false);
        }

        await new LargeObjectsStep(context).CreateAsync(session, cancellationToken).ConfigureAwait(false);
    }

    // Rows before files: a row that cannot be loaded shows before hours of uploads. But where foreign keys cannot be switched off,
    // those that lead to storage.objects need the rows that the uploads make.
    private static async Task<IReadOnlyList<TableLoad>> TransferAsync(
        RestoreContext context, FilesLane? files, PostgresSource? storedRows, CancellationToken cancellationToken)
    {
        var isFilesFirst = storedRows is not null && context is { Request.Scope: RestoreScope.DataOnly, Target.LoadOrder.IsReplica: false };
        if (isFilesFirst)
        {
            await files!.RunAsync(storedRows, cancellationToken).ConfigureAwait(false);
        }

        var isFilesBetween = files is not null && !isFilesFirst;
        context.Tracker.Enter(RestorePhase.Data);
        var content = new ContentStep(context, pauses: isFilesBetween);
        var loads = await content.RunAsync(cancellationToken).ConfigureAwait(false);
        if (isFilesBetween)
        {
            await files!.RunAsync(storedRows, cancellationToken).ConfigureAwait(false);
        }

        await content.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return loads;
    }

    private RestoreContext CreateContext(
        RestoreRequest request, PostgresSource source, ArchiveReader archive, RestoreSet set, TargetInspection inspection, RestoreTracker tracker) =>
        new()
        {
            Request = request,
            Archive = archive,
            Set = set,
            Source = source,
            Target = inspection,
            Encoding = archive.Manifest.Database!.Encoding,
            KeepsRowOrder = options.PreserveRowOrder,
            Connections = options.Connections ?? Math.Clamp(Environment.ProcessorCount, 1, RestoreOptions.MaxAutomaticConnections),
            Tracker = tracker,
            Logger = logger,
            TimeProvider = timeProvider,
        };
}
