using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>Finds what is to be removed and made before the rows, in order.</summary>
/// <param name="set">What is restored.</param>
/// <param name="target">What the target holds.</param>
/// <param name="request">How.</param>
internal sealed class PreDataPlan(RestoreSet set, TargetInspection target, RestoreRequest request)
{
    /// <summary>The statements: first all that remove, in the opposite order of making.</summary>
    public List<PreDataStatement> Make()
    {
        var work = new List<PreDataStatement>();
        if (request.Clean)
        {
            var attached = FindAttachedIndexes();
            work.AddRange(set.Objects
                .Reverse()
                .Where(entry => !set.Supporting.Contains(entry.Id) && !IsPermanent(entry) && !attached.Contains(entry.Id))
                .Select(entry => new PreDataStatement(entry, entry.Drop ?? FindHollowView(entry) ?? "", IsDrop: true))
                .Where(step => step.Sql.Length > 0));
        }

        work.AddRange(set.PreData
            .Where(entry => target.IsMade(entry, set) || (request.Clean && IsCleaned(entry)))
            .Select(entry => new PreDataStatement(entry, EntryScript.Of(entry, request), IsDrop: false))
            .Where(step => step.Sql.Length > 0));
        return work;
    }

    // An index (or key) that is attached to a partitioned one cannot be removed by itself; it goes with that one.
    private HashSet<int> FindAttachedIndexes()
    {
        var tables = set.Objects.ToDictionary(entry => entry.Id, entry => entry.Table);
        return set.PostData
            .Where(entry => entry.Kind == TocKinds.IndexAttach)
            .SelectMany(entry => entry.DependsOn.Where(id => tables.GetValueOrDefault(id) == entry.Table))
            .ToHashSet();
    }

    // A view that needs a constraint comes in two entries: a hollow view before the rows, its query after them. The query is
    // removed by making the view hollow again, so that the constraint can be removed before the view.
    private string? FindHollowView(TocEntry entry)
    {
        const string Create = "CREATE VIEW ";
        if (entry.Kind != TocKinds.View || entry.Section != TocSection.PostData)
        {
            return null;
        }

        var hollow = set.PreData.FirstOrDefault(
            other => other.Kind == TocKinds.View && other.Schema == entry.Schema && other.Name == entry.Name && target.Existing.Contains(other.Id));
        return hollow?.Create.StartsWith(Create, StringComparison.Ordinal) == true
            ? $"CREATE OR REPLACE VIEW {hollow.Create[Create.Length..]}"
            : null;
    }

    // Extensions and languages stay: other things rest on them, and a managed service does not let them be made again.
    private static bool IsPermanent(TocEntry entry) => TocKinds.IsShared(entry.Kind) && entry.Kind != TocKinds.Schema;

    private bool IsCleaned(TocEntry entry) => entry.Kind == TocKinds.Schema && entry.Drop is not null && !set.Supporting.Contains(entry.Id);
}
