using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres;
using Backup.Core.Postgres.LargeObjects;

namespace Backup.Core.Restore.LargeObjects;

/// <summary>Makes sure that large objects come back with their bytes or not at all.</summary>
internal static class LargeObjectChoice
{
    /// <summary>Takes out the list of large objects, or their contents, where a backup that was allowed to fail lacks the other.</summary>
    /// <param name="tables">The tables that are restored.</param>
    /// <returns>What is left out, for the result.</returns>
    public static IReadOnlyList<LeftOutObject> RemoveIncomplete(List<TableRecord> tables)
    {
        var found = tables.FindAll(table => LargeObjectRelations.Contains(NameOf(table)));
        if (found.Count != 1)
        {
            return [];
        }

        tables.Remove(found[0]);
        var lost = NameOf(found[0]) == LargeObjectRelations.Metadata ? LargeObjectRelations.Contents : LargeObjectRelations.Metadata;
        return [new LeftOutObject(TocKinds.LargeObject, "large objects", $"The backup lacks {lost}.")];
    }

    private static QualifiedName NameOf(TableRecord table) => new(table.Schema, table.Name);
}
