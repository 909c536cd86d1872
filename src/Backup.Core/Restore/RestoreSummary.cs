using Backup.Core.Archives;
using Backup.Core.Postgres.Server;
using Backup.Core.Restore.Files;

namespace Backup.Core.Restore;

/// <summary>Says what a restore did.</summary>
internal static class RestoreSummary
{
    /// <summary>Puts the result together.</summary>
    public static RestoreResult MakeResult(
        BackupId backup,
        RestoreRequest request,
        RestorePlan plan,
        IReadOnlyList<TableLoad> loads,
        IReadOnlyList<RestoredBucket> buckets,
        RestoreTracker tracker)
    {
        var failures = tracker.Failures;
        var tables = loads
            .Select(load => new RestoredTable(
                load.Name.Schema, load.Name.Name, load.IsComplete ? load.Rows : 0, load.IsComplete ? load.Table.RawBytes : 0, load.IsComplete))
            .OrderBy(table => table.Schema, StringComparer.Ordinal)
            .ThenBy(table => table.Name, StringComparer.Ordinal)
            .ToList();
        return new RestoreResult
        {
            Backup = backup,
            Outcome = request.DryRun ? RestoreOutcome.Planned
                : failures.Count + plan.Unsupported.Count == 0 ? RestoreOutcome.Complete : RestoreOutcome.CompletedWithFailures,
            Plan = plan,
            StartedAt = tracker.StartedAt,
            Duration = tracker.Elapsed,
            Objects = request.DryRun
                ? 0
                : plan.Objects.Count - failures.Count(IsOfObject),
            Rows = tables.Sum(table => table.Rows),
            RawBytes = tables.Sum(table => table.RawBytes),
            Tables = tables,
            Buckets = buckets,
            Roles = tracker.Roles,
            Notices = tracker.Notices,
            Failures = failures,
        };
    }

    private static bool IsOfObject(RestoreFailure failure) =>
        failure.Kind is not (TocKinds.TableData or TocKinds.LargeObject) && !FileFailure.IsOf(failure) && !ServerKinds.Has(failure.Kind);
}
