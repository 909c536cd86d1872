using Backup.Core.Archives;
using Backup.Core.Catalog;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Sinks;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Restore;

/// <summary>Opens the backup, examines the target, and takes the steps of a restore one after another.</summary>
internal sealed class RestorePipeline(
    IBackupSink sink, TargetDatabase target, RestoreOptions options, ILogger<RestorePipeline> logger, TimeProvider timeProvider)
    : IRestorePipeline
{
    /// <inheritdoc/>
    public async Task<RestoreResult> RunAsync(
        RestoreRequest request, IProgress<RestoreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var tracker = new RestoreTracker(progress, timeProvider, options.ProgressInterval);
        tracker.Enter(RestorePhase.Preparing);
        var manifest = await new BackupCatalog(sink)
            .FindAsync(request.Backup?.Value ?? BackupCatalog.Latest, cancellationToken).ConfigureAwait(false);
        var database = manifest.Database ?? throw new RestoreException($"The backup {manifest.Id} holds no database.")
        {
            Subject = manifest.Id.Value,
            Hint = "Choose a backup that was made of a database.",
        };
        var archive = await ArchiveReader.OpenAsync(sink, manifest.Id, cancellationToken).ConfigureAwait(false);
        var set = await RestoreSetReader.ReadAsync(archive, database, request, cancellationToken).ConfigureAwait(false);
        return await target.UseAsync(source => RunAsync(request, source, archive, set, tracker, cancellationToken)).ConfigureAwait(false);
    }

    private async Task<RestoreResult> RunAsync(
        RestoreRequest request,
        PostgresSource source,
        ArchiveReader archive,
        RestoreSet set,
        RestoreTracker tracker,
        CancellationToken cancellationToken)
    {
        var session = await TargetSession.OpenAsync(source, cancellationToken).ConfigureAwait(false);
        await using var disposal = session.ConfigureAwait(false);
        var inspection = await TargetInspection.InspectAsync(session, set, request, cancellationToken).ConfigureAwait(false);
        var context = new RestoreContext
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
            TimeProvider = timeProvider,
        };
        var plan = RestorePlanner.MakePlan(set, inspection);
        tracker.Plan = plan;
        if (request.DryRun)
        {
            tracker.Enter(RestorePhase.Completed);
            return RestoreSummary.MakeResult(context, plan, [], 0);
        }

        RestorePlanner.ThrowIfRefused(plan, source.Description);
        RestoreLog.Begins(logger, archive.Manifest.Id, source.Description, plan.Objects.Count, plan.Tables.Count, context.Connections);
        var loads = await RunStepsAsync(context, session, cancellationToken).ConfigureAwait(false);
        tracker.Enter(RestorePhase.Completed);
        foreach (var failure in tracker.Failures)
        {
            RestoreLog.ItemFailed(logger, failure.Kind, failure.Subject, failure.Reason);
        }

        return RestoreSummary.MakeResult(context, plan, loads, plan.Objects.Count);
    }

    private static async Task<IReadOnlyList<TableLoad>> RunStepsAsync(
        RestoreContext context, TargetSession session, CancellationToken cancellationToken)
    {
        context.Tracker.Enter(RestorePhase.PreData);
        if (context.Request.Scope != RestoreScope.DataOnly)
        {
            await new PreDataStep(session, context.Set, context.Target, context.Request, context.Tracker)
                .RunAsync(cancellationToken).ConfigureAwait(false);
        }

        context.Tracker.Enter(RestorePhase.Data);
        var loads = await new DataStep(context).RunAsync(cancellationToken).ConfigureAwait(false);
        context.Tracker.Enter(RestorePhase.PostData);
        await new PostDataStep(context).RunAsync(cancellationToken).ConfigureAwait(false);
        return loads;
    }
}
