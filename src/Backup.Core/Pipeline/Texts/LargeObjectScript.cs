using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres;
using Backup.Core.Postgres.LargeObjects;

namespace Backup.Core.Pipeline.Texts;

/// <summary>The lines of the load script that bring large objects back with psql alone.</summary>
/// <remarks>See <see href="https://www.postgresql.org/docs/current/app-psql.html"/>, <c>\gexec</c>: it runs what a query gives as statements.</remarks>
internal static class LargeObjectScript
{
    private const string ListTable = LargeObjectLoading.MetadataTable;

    /// <summary>The lines that make and fill them.</summary>
    /// <param name="tables">The tables of the backup.</param>
    /// <param name="encoding">The encoding of the pages.</param>
    /// <returns>None where the backup lacks large objects, or a part of what makes them whole.</returns>
    public static IEnumerable<string> Fill(IReadOnlyList<TableRecord> tables, string encoding)
    {
        if (Find(tables) is not var (list, contents))
        {
            yield break;
        }

        yield return "-- Large objects are written by functions: what is copied into the second table never gets there.";
        yield return LargeObjectLoading.CreateMetadataTable;
        foreach (var line in Copies(list, ListTable, encoding))
        {
            yield return line;
        }

        yield return $"SELECT pg_catalog.count(pg_catalog.lo_create(oid)) AS large_objects FROM (SELECT DISTINCT oid FROM {ListTable}) list;";
        yield return LargeObjectLoading.CreateContentsTable;
        if (contents.Mixed)
        {
            yield return LargeObjectLoading.CreateMixedWriter;
        }

        foreach (var line in Copies(contents, LargeObjectLoading.ContentsTable, encoding))
        {
            yield return $"{line} {(contents.Mixed ? LargeObjectLoading.MixedCondition : LargeObjectLoading.Condition)}";
        }
    }

    /// <summary>The lines that give them their owners, privileges, comments and labels.</summary>
    /// <param name="tables">The tables of the backup.</param>
    public static IEnumerable<string> Finish(IReadOnlyList<TableRecord> tables)
    {
        if (Find(tables) is null)
        {
            yield break;
        }

        yield return $"SELECT {LargeObjectLoading.OwnerStatement} FROM {ListTable} WHERE owner <> current_user ORDER BY oid";
        yield return @"\gexec";
        yield return $"SELECT privileges, comments FROM {ListTable} WHERE privileges IS NOT NULL OR comments IS NOT NULL ORDER BY oid";
        yield return @"\gexec";
    }

    private static IEnumerable<string> Copies(TableRecord table, string target, string encoding) =>
        Enumerable.Range(1, table.Pages).Select(page => $@"\copy {target} FROM '{EntryPaths.Page(table.Path, page)}' WITH (ENCODING '{encoding}')");

    private static (TableRecord List, TableRecord Contents)? Find(IReadOnlyList<TableRecord> tables) =>
        tables.FirstOrDefault(table => NameOf(table) == LargeObjectRelations.Metadata) is { } list
        && tables.FirstOrDefault(table => NameOf(table) == LargeObjectRelations.Contents) is { } contents
            ? (list, contents)
            : null;

    private static QualifiedName NameOf(TableRecord table) => new(table.Schema, table.Name);
}
