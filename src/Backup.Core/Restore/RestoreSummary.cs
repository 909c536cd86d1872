namespace Backup.Core.Restore;

/// <summary>Says what a restore did.</summary>
internal static class RestoreSummary
{
    /// <summary>Puts the result together.</summary>
    public static RestoreResult MakeResult(RestoreContext context, RestorePlan plan, IReadOnlyList<TableLoad> loads, int objects)
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
