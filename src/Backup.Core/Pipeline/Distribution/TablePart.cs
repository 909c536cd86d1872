namespace Backup.Core.Pipeline.Distribution;

/// <summary>Some of a table's pages, one behind the other.</summary>
/// <param name="Table">The table in this run.</param>
/// <param name="FirstPage">The number of the first page, from 1.</param>
/// <param name="EndPage">The number behind the last.</param>
internal readonly record struct TablePart(TableRun Table, int FirstPage, int EndPage)
{
    /// <summary>All pages of a table.</summary>
    public static TablePart Whole(TableRun table) => new(table, 1, int.MaxValue);

    /// <summary>Whether a page is one of them.</summary>
    /// <param name="number">The page's number.</param>
    public bool Holds(int number) => number >= FirstPage && number < EndPage;
}
