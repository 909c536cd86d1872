using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>The tables that making an entry locks, so that two entries that would wait for one another are not made at once.</summary>
/// <param name="Exclusive">Tables that nobody else may lock meanwhile.</param>
/// <param name="Shared">Tables that others may share.</param>
internal sealed record EntryLocks(IReadOnlySet<QualifiedName> Exclusive, IReadOnlySet<QualifiedName> Shared)
{
    // What belongs to no table (publications, functions made late) changes rows of the catalogs that several entries share.
    private static readonly QualifiedName Catalog = new("", "");

    /// <summary>Whether the two must not be made at once.</summary>
    public bool ConflictsWith(EntryLocks other) =>
        Exclusive.Overlaps(other.Exclusive) || Exclusive.Overlaps(other.Shared) || Shared.Overlaps(other.Exclusive);

    /// <summary>Foresees the locks of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="byId">All entries.</param>
    /// <param name="partitions">The partitions of each partitioned table.</param>
    public static EntryLocks Of(
        TocEntry entry, IReadOnlyDictionary<int, TocEntry> byId, ILookup<QualifiedName, QualifiedName> partitions)
    {
        var own = TableOf(entry);
        var needed = entry.DependsOn.Where(byId.ContainsKey).Select(id => TableOf(byId[id])).OfType<QualifiedName>().ToHashSet();
        if (own is null)
        {
            return new EntryLocks(WithPartitions([.. needed, Catalog], partitions), new HashSet<QualifiedName>());
        }

        // Several indexes of a table may be built at once as long as building them is all that the statements do.
        if (entry.Kind == TocKinds.Index && !entry.Create.Contains(";\nALTER ", StringComparison.Ordinal))
        {
            return new EntryLocks(new HashSet<QualifiedName>(), new HashSet<QualifiedName> { own.Value });
        }

        // A constraint locks both of its tables, an attachment both parents; the rest only looks at what it needs.
        return entry.Kind.Contains("CONSTRAINT", StringComparison.Ordinal) || entry.Kind.Contains("ATTACH", StringComparison.Ordinal)
            ? new EntryLocks(WithPartitions([own.Value, .. needed], partitions), new HashSet<QualifiedName>())
            : new EntryLocks(WithPartitions([own.Value], partitions), needed);
    }

    /// <summary>The table of an entry, those of what it needs, and the partitions of all of them.</summary>
    /// <inheritdoc cref="Of"/>
    public static IReadOnlySet<QualifiedName> TablesOf(
        TocEntry entry, IReadOnlyDictionary<int, TocEntry> byId, ILookup<QualifiedName, QualifiedName> partitions) =>
        WithPartitions(
            entry.DependsOn.Where(byId.ContainsKey).Select(id => TableOf(byId[id])).Append(TableOf(entry)).OfType<QualifiedName>(), partitions);

    /// <summary>Finds the partitions of each table.</summary>
    public static ILookup<QualifiedName, QualifiedName> FindPartitions(
        IEnumerable<TocEntry> entries, IReadOnlyDictionary<int, TocEntry> byId) => (
        from entry in entries
        where entry.Kind == TocKinds.TableAttach
        let child = TableOf(entry)
        where child is not null
        from id in entry.DependsOn
        where byId.ContainsKey(id)
        let parent = TableOf(byId[id])
        where parent is not null && parent != child
        select (Parent: parent.Value, Child: child.Value)).ToLookup(pair => pair.Parent, pair => pair.Child);

    private static QualifiedName? TableOf(TocEntry entry) =>
        entry.Table is { } table ? new QualifiedName(entry.Schema ?? "", table) : null;

    private static HashSet<QualifiedName> WithPartitions(
        IEnumerable<QualifiedName> tables, ILookup<QualifiedName, QualifiedName> partitions)
    {
        var all = new HashSet<QualifiedName>();
        var open = new Stack<QualifiedName>(tables);
        while (open.TryPop(out var table))
        {
            if (all.Add(table))
            {
                foreach (var partition in partitions[table])
                {
                    open.Push(partition);
                }
            }
        }

        return all;
    }
}
