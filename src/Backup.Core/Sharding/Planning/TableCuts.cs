using Backup.Core.Pipeline;

namespace Backup.Core.Sharding.Planning;

/// <summary>Cuts tables into runs of pages, by the same pages that a single process would read.</summary>
internal static class TableCuts
{
    /// <summary>About how much a table is, as bytes.</summary>
    public static long BytesOf(TableRun table) => Math.Max(table.Info.TotalBytes, ShardSizes.ItemBytes);

    /// <summary>Adds all pages of a table; none of one that has no block.</summary>
    public static void Add(TableRun table, ShardGatherer shards)
    {
        var pages = CountPages(table);
        if (pages == 0)
        {
            return;
        }

        var bytes = BytesOf(table);
        var pieces = (int)Math.Min(pages, (bytes + shards.TargetBytes - 1) / shards.TargetBytes);
        if (pieces == 1)
        {
            shards.Add(PartOf(table, pages, 1, pages + 1), bytes);
            return;
        }

        for (var piece = 0; piece < pieces; piece++)
        {
            var part = PartOf(table, pages, 1 + At(piece), 1 + At(piece + 1));
            shards.AddAlone(part, (long)(bytes * part.Fraction));
        }

        // Pieces of as good as the same number of pages, so that none is left for the end.
        int At(int piece) => (int)((long)pages * piece / pieces);
    }

    private static int CountPages(TableRun table) => table.Layout.PageBlocks == 0
        ? 1
        : (int)((table.Layout.HeapBlocks + table.Layout.PageBlocks - 1) / table.Layout.PageBlocks);

    private static ShardTable PartOf(TableRun table, int pages, int first, int end) => new()
    {
        Info = table.Info,
        Folder = table.Folder,
        HeapBlocks = table.Layout.HeapBlocks,
        PageBlocks = table.Layout.PageBlocks,
        FirstPage = first,
        EndPage = end,
        Fraction = (end - first) / (double)pages,
    };
}
