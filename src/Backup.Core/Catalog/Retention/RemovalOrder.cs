using Backup.Core.Archives;

namespace Backup.Core.Catalog.Retention;

/// <summary>The order in which the backups go that a plan removes: what refers to others before them, so that what stays of a prune that ends early is whole.</summary>
internal static class RemovalOrder
{
    /// <summary>Gives the order; among those that do not depend on each other the newest comes first.</summary>
    public static IReadOnlyList<PruneDecision> Of(PrunePlan plan)
    {
        var removed = plan.Removed.ToDictionary(backup => backup.Id);
        var seen = new HashSet<BackupId>();
        var referencesFirst = new List<PruneDecision>();
        foreach (var start in plan.Removed.Reverse())
        {
            Visit(start);
        }

        referencesFirst.Reverse();
        return referencesFirst;

        // Depth is that of references, one in every backup that this library wrote; a stack of its own bounds it in all others.
        void Visit(PruneDecision start)
        {
            var open = new Stack<(PruneDecision Backup, bool IsDone)>([(start, false)]);
            while (open.TryPop(out var next))
            {
                if (next.IsDone)
                {
                    referencesFirst.Add(next.Backup);
                }
                else if (seen.Add(next.Backup.Id))
                {
                    open.Push((next.Backup, true));
                    foreach (var reference in next.Backup.References.Select(id => removed.GetValueOrDefault(id)).OfType<PruneDecision>())
                    {
                        open.Push((reference, false));
                    }
                }
            }
        }
    }
}
