using Backup.Core.Pipeline.Suspension;
using Backup.Core.Postgres;
using Backup.Core.Postgres.LargeObjects;

namespace Backup.Core.Tests.Postgres.LargeObjects;

public sealed class LargeObjectPagesTests
{
    private static readonly TableInfo Contents = new()
    {
        Oid = LargeObjectRelations.ContentsOid,
        Name = LargeObjectRelations.Contents,
        LockName = LargeObjectRelations.Metadata,
        Columns = LargeObjectRelations.ContentsColumns,
        LargeObjectCuts = [new(10, 0), new(20, 0), new(20, 131072)],
        HeapBlocks = 3,
        TotalBytes = 400_000,
        SupportsCtidRanges = false,
    };

    [Fact]
    public void Plan_Cuts_AreThePages()
    {
        var pages = PagePlanner.Plan(Contents, new PageLimits()).ToList();

        Assert.Equal([(0, 1L), (1, 2L), (2, null)], pages.Select(page => (page.FirstBlock!.Value, page.EndBlock)));
        Assert.False(CopyStatement.IsPlain(pages[0]));
        Assert.True(PagePlanner.MayBeQueried(Contents, new PageLimits(), mayFollowEarlier: true));
    }

    [Fact]
    public void Export_PageThatEndsBeforeAnObject_StopsBeforeIt() => Assert.Contains(
        "WHERE true AND m.oid < 20 ORDER BY oid", Export(0, 1), StringComparison.Ordinal);

    [Fact]
    public void Export_PageInsideAnObject_ReadsOnlyItsPart()
    {
        var first = Export(1, 2);
        var last = Export(2, null);

        Assert.Contains("WHERE m.oid >= 20 AND m.oid <= 20 ORDER BY oid", first, StringComparison.Ordinal);
        Assert.Contains("(0::int8, CASE m.oid WHEN 20 THEN least(s.size, 131072) ELSE s.size END - 1, 131072)", first, StringComparison.Ordinal);
        Assert.Contains("WHERE m.oid >= 20 AND true ORDER BY oid", last, StringComparison.Ordinal);
        Assert.Contains("(CASE m.oid WHEN 20 THEN 131072::int8 ELSE 0 END, s.size - 1, 131072)", last, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_Query_TakesThePlaceOfTheColumns()
    {
        var table = Contents with { LargeObjectCuts = null, SupportsCtidRanges = true, Query = LargeObjectQueries.OfCatalog(2048) };

        var statement = CopyStatement.Export(new TablePage(table, 1, 0, 4), "UTF8");

        Assert.StartsWith("COPY (SELECT l.loid, l.pageno::int8 * 2048 - ", statement, StringComparison.Ordinal);
        Assert.EndsWith(
            "FROM ONLY pg_catalog.pg_largeobject l WHERE ctid < '(4,0)'::tid) TO STDOUT (FORMAT text, ENCODING 'UTF8')",
            statement,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ImportLargeObjects_Condition_WritesAndKeepsNothing() => Assert.Equal(
        "COPY pg_temp.backup_core_large_object_contents FROM STDIN (FORMAT text, ENCODING 'UTF8')"
        + " WHERE pg_catalog.lo_put(oid, \"offset\", data) IS NULL",
        CopyStatement.ImportLargeObjects("UTF8", isMixed: false));

    // The cuts of the next part's snapshot are others.
    [Fact]
    public void For_LargeObjectsOfARunThatMayMix_RemembersNoPages() => Assert.False(
        new TableStarts(null, new PageLimits(), allowsMixed: true, trustsStatistics: false).For(Contents, null).RemembersPages);

    [Theory]
    [InlineData(null, null, null, true)]
    [InlineData("public", null, null, false)]
    [InlineData(null, "pg_catalog.*", null, false)]
    [InlineData(null, null, "public.t", true)]
    [InlineData(null, null, "pg_catalog.pg_largeobject", false)]
    [InlineData(null, null, "*.*", false)]
    public void IncludesLargeObjects_Selection_IsAsPgDumpHasIt(string? schema, string? table, string? excluded, bool expected)
    {
        var selection = new TableSelection
        {
            IncludeSchemas = schema is null ? [] : [schema],
            IncludeTables = table is null ? [] : [table],
            ExcludeTables = excluded is null ? [] : [excluded],
        };

        Assert.Equal(expected, selection.IncludesLargeObjects);
    }

    private static string Export(long first, long? end) => CopyStatement.Export(new TablePage(Contents, 1, first, end), "UTF8");
}
