using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Catalog;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Sinks;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Restore;

/// <summary>Opens the backup, examines the target, and takes the steps of a restore one after another.</summary>
internal sealed class RestorePipeline(
    IBackupSink sink, TargetDatabase target, RestoreOptions options, ILogger<RestorePipeline> logger, TimeProvider timeProvider)
    : IRestorePipeline
{
    // The table of contents is held whole; a larger one than this is no schema but an attack.
    private const long MaxTocBytes = 512L * 1024 * 1024;

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
        var schema = await ReadTocAsync(archive, cancellationToken).ConfigureAwait(false);
        var set = RestoreSelector.Select(schema, database.Tables, request);
        ThrowIfNothingMatches(request, set, database, schema);
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
        var plan = MakePlan(set, inspection);
        tracker.Plan = plan;
        if (request.DryRun)
        {
            tracker.Enter(RestorePhase.Completed);
            return MakeResult(context, plan, [], 0);
        }

        ThrowIfRefused(plan, source);
        RestoreLog.Begins(logger, archive.Manifest.Id, source.Description, plan.Objects.Count, plan.Tables.Count, context.Connections);
        var loads = await RunStepsAsync(context, session, cancellationToken).ConfigureAwait(false);
        tracker.Enter(RestorePhase.Completed);
        foreach (var failure in tracker.Failures)
        {
            RestoreLog.ItemFailed(logger, failure.Kind, failure.Subject, failure.Reason);
        }

        return MakeResult(context, plan, loads, plan.Objects.Count);
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

    private static async Task<DatabaseSchema> ReadTocAsync(ArchiveReader archive, CancellationToken cancellationToken)
    {
        var entry = await archive.FindAsync(EntryPaths.Toc, cancellationToken).ConfigureAwait(false)
            ?? throw Damaged(archive, $"it has no {EntryPaths.Toc}");
        if (entry.RawBytes > MaxTocBytes)
        {
            throw Damaged(archive, $"its {EntryPaths.Toc} has {entry.RawBytes} bytes, the most are {MaxTocBytes}");
        }

        var stream = await archive.OpenEntryAsync(entry, cancellationToken).ConfigureAwait(false);
        await using var disposal = stream.ConfigureAwait(false);
        return await TocFile.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    private static ArchiveFormatException Damaged(ArchiveReader archive, string what) =>
        new($"The backup {archive.Manifest.Id} cannot be restored: {what}.")
        {
            Subject = archive.Manifest.Id.Value,
            Hint = "Verify the backup and restore from another one.",
        };

    private static void ThrowIfNothingMatches(
        RestoreRequest request, RestoreSet set, DatabaseSection database, DatabaseSchema schema)
    {
        var relations = database.Tables.Select(table => new QualifiedName(table.Schema, table.Name))
            .Concat(schema.Entries
                .Where(entry => entry.Schema is not null && TocKinds.IsRelation(entry.Kind))
                .Select(entry => new QualifiedName(entry.Schema!, entry.Name)))
            .ToHashSet();
        var schemas = relations.Select(name => name.Schema)
            .Concat(schema.Entries.Select(entry => entry.Schema ?? (entry.Kind == TocKinds.Schema ? entry.Name : null)).OfType<string>())
            .ToHashSet(StringComparer.Ordinal);
        var unmatched = request.Tables.UnmatchedIncludes(schemas, relations).ToList();
        if (unmatched.Count > 0)
        {
            throw new RestoreException($"The backup holds nothing that matches {string.Join(", ", unmatched)}.")
            {
                Subject = unmatched[0],
                Hint = "Names are compared as PostgreSQL stores them; show the backup to see its tables.",
            };
        }

        // A chosen table that cannot be made is not a detail of the result.
        if (set.LeftOut.FirstOrDefault(item => item.Kind == "TABLE") is { } lost)
        {
            throw new RestoreException($"{lost.Kind} {lost.Name} cannot be restored: {lost.Reason}")
            {
                Subject = lost.Name,
                Hint = "Choose that object as well.",
            };
        }
    }

    private static void ThrowIfRefused(RestorePlan plan, PostgresSource source)
    {
        if (plan.Obstacles.Count > 0)
        {
            throw new RestoreException($"{string.Join(" ", plan.Obstacles)} Nothing was changed.")
            {
                Subject = source.Description,
                Stage = "Restore",
            };
        }
    }

    private static RestorePlan MakePlan(RestoreSet set, TargetInspection target) => new()
    {
        Objects =
        [
            .. set.Objects
                .Where(entry => target.IsMade(entry, set))
                .Select(entry => new PlannedObject(entry.Kind, RestoreNames.Of(entry), target.Existing.Contains(entry.Id))),
        ],
        Tables =
        [
            .. set.Tables
                .Select(table => new PlannedTable(table.Schema, table.Name, table.Pages, table.Rows, table.RawBytes))
                .OrderBy(table => table.Schema, StringComparer.Ordinal)
                .ThenBy(table => table.Name, StringComparer.Ordinal),
        ],
        LeftOut = set.LeftOut,
        Obstacles = target.Obstacles,
    };

    private static RestoreResult MakeResult(RestoreContext context, RestorePlan plan, IReadOnlyList<TableLoad> loads, int objects)
    {
        var failures = context.Tracker.Failures;
        var tables = loads
            .Select(load => new RestoredTable(
                load.Name.Schema, load.Name.Name, load.IsComplete ? load.Rows : 0, load.IsComplete ? load.Table.RawBytes : 0, load.IsComplete))
            .OrderBy(table => table.Schema, StringComparer.Ordinal)
            .ThenBy(table => table.Name, StringComparer.Ordinal)
            .ToList();
        return new RestoreResult
        {
            Backup = context.Archive.Manifest.Id,
            Outcome = context.Request.DryRun ? RestoreOutcome.Planned
                : failures.Count == 0 ? RestoreOutcome.Complete : RestoreOutcome.CompletedWithFailures,
            Plan = plan,
            StartedAt = context.Tracker.StartedAt,
            Duration = context.Tracker.Elapsed,
            Objects = objects - failures.Count(failure => failure.Kind != TocKinds.TableData),
            Rows = tables.Sum(table => table.Rows),
            RawBytes = tables.Sum(table => table.RawBytes),
            Tables = tables,
            Failures = failures,
        };
    }
}
