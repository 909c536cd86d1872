using Backup.Core.Postgres;

namespace Backup.Core.Restore;

/// <summary>In which order tables are loaded, and whether the sessions switch triggers and foreign keys off.</summary>
/// <param name="IsReplica">Whether <c>session_replication_role</c> is set to <c>replica</c>.</param>
/// <param name="Steps">Which tables are loaded together, step by step; <see langword="null"/> when all may be loaded at once.</param>
internal sealed record LoadOrder(bool IsReplica, IReadOnlyList<IReadOnlySet<QualifiedName>>? Steps)
{
    /// <summary>All tables at once and nothing to switch off: fresh tables have neither triggers nor foreign keys yet.</summary>
    public static LoadOrder Free { get; } = new(false, null);

    /// <summary>All tables at once, with triggers and foreign keys switched off.</summary>
    public static LoadOrder Replica { get; } = new(true, null);

    /// <summary>Referred tables before those that refer to them.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="foreignKeys">The foreign keys among them.</param>
    /// <returns>The order, or <see langword="null"/> and the tables of a circle when there is none.</returns>
    public static (LoadOrder? Order, IReadOnlyList<QualifiedName> Circle) ByForeignKeys(
        IReadOnlyCollection<QualifiedName> tables, IReadOnlyList<(QualifiedName From, QualifiedName To)> foreignKeys)
    {
        var waitsFor = foreignKeys.ToLookup(key => key.From, key => key.To);
        var done = new HashSet<QualifiedName>();
        var left = tables.ToHashSet();
        var steps = new List<IReadOnlySet<QualifiedName>>();
        while (left.Count > 0)
        {
            var step = left.Where(table => waitsFor[table].All(done.Contains)).ToHashSet();
            if (step.Count == 0)
            {
                return (null, [.. left.Order(Comparer<QualifiedName>.Create((x, y) => string.CompareOrdinal(x.ToString(), y.ToString())))]);
            }

            steps.Add(step);
            done.UnionWith(step);
            left.ExceptWith(step);
        }

        return (new LoadOrder(false, steps), []);
    }
}
