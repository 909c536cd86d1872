using System.Collections.Frozen;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>Finds what may be made while rows of other tables are still to come.</summary>
internal static class EarlyEntries
{
    // What an index or a constraint may need and still depend on no rows but those of its own tables. A function, also one of an
    // extension, may read any table, whatever it says of itself; and what is no part of this restore (the tables of a Storage
    // server) others fill.
    private static readonly FrozenSet<string> Harmless = FrozenSet.Create(
        StringComparer.Ordinal,
        TocKinds.Schema, TocKinds.Table, TocKinds.TableData, TocKinds.TableAttach, TocKinds.Sequence, TocKinds.Index, TocKinds.IndexAttach,
        TocKinds.Constraint, TocKinds.ForeignKey, "TYPE", "DOMAIN", "COLLATION");

    /// <summary>The tables whose rows have to be there before the entry is made; <see langword="null"/> when all have to.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="byId">All entries.</param>
    /// <param name="partitions">The partitions of each partitioned table.</param>
    /// <param name="isLoaded">Whether this run loads the table's rows.</param>
    public static IEnumerable<QualifiedName>? TablesOf(
        TocEntry entry,
        IReadOnlyDictionary<int, TocEntry> byId,
        ILookup<QualifiedName, QualifiedName> partitions,
        Func<QualifiedName, bool> isLoaded)
    {
        if (entry.Table is null
            || entry.Kind is not (TocKinds.Index or TocKinds.Constraint or TocKinds.ForeignKey)
            || (entry.Kind == TocKinds.ForeignKey && !entry.DependsOn.Any(id => LeadsSomewhere(entry, byId.GetValueOrDefault(id))))
            || !entry.DependsOn.All(id => byId.TryGetValue(id, out var need) && Harmless.Contains(need.Kind)))
        {
            return null;
        }

        var tables = EntryLocks.TablesOf(entry, byId, partitions);

        // A partitioned table has no rows but its partitions'; of any other table that is not loaded nothing is known here.
        return tables.All(table => isLoaded(table) || partitions.Contains(table)) ? tables.Where(isLoaded) : null;
    }

    // A foreign key needs the table, and the key, that it leads to. Where these are no part of the backup (the platform's own), their rows
    // may be all the same.
    private static bool LeadsSomewhere(TocEntry key, TocEntry? need) =>
        need is { Kind: TocKinds.Constraint or TocKinds.Index or TocKinds.IndexAttach }
        || (need is { Kind: TocKinds.Table } && (need.Schema != key.Schema || need.Table != key.Table));
}
