using System.Numerics;

namespace Backup.Core.Postgres;

/// <summary>Cuts a table into pages.</summary>
/// <remarks>
/// A range's length is a power of two, so ranges stay where they are while a table grows: an unchanged range gives the same
/// bytes in the next backup. It halves or doubles only when the share of TOAST changes that much, and in a backup that builds on another not
/// even then, unless that share changed fourfold.
/// </remarks>
internal static class PagePlanner
{
    private const int MaxDrift = 4;

    /// <summary>
    /// The pages of a table, in order; together they cover every row once. Without ranges of <c>ctid</c>, or with a condition,
    /// the one page is the whole relation. A heap of no blocks has no page: nothing that the snapshot shows can be in it.
    /// </summary>
    public static IEnumerable<TablePage> Plan(TableInfo table, PageLimits limits) => Plan(table, LayoutOf(table, limits));

    /// <summary>The pages of a table by a layout, which may be that of an earlier snapshot.</summary>
    public static IEnumerable<TablePage> Plan(TableInfo table, PageLayout layout)
    {
        if (layout.PageBlocks == 0)
        {
            yield return new TablePage(table, Number: 1, FirstBlock: null, EndBlock: null);
            yield break;
        }

        var number = 1;
        for (long first = 0; first < layout.HeapBlocks; first += layout.PageBlocks)
        {
            var isLast = first + layout.PageBlocks >= layout.HeapBlocks;
            yield return new TablePage(table, number++, first, isLast ? null : first + layout.PageBlocks);
        }
    }

    /// <summary>How a table is cut.</summary>
    /// <param name="table">The table.</param>
    /// <param name="limits">How large pages may be.</param>
    /// <param name="earlierPageBlocks">How many blocks a page had in an earlier backup that this one is compared with: as long as that
    /// is not far from what the limits ask for, pages stay the same. <see langword="null"/> for none.</param>
    public static PageLayout LayoutOf(TableInfo table, PageLimits limits, int? earlierPageBlocks = null)
    {
        if (table.LargeObjectCuts is { } cuts)
        {
            return new PageLayout(cuts.Count, 1);
        }

        // The condition of an extension's table may hold any clause after WHERE; such tables are small.
        if (!table.SupportsCtidRanges || table.Condition is not null)
        {
            return new PageLayout(table.HeapBlocks, 0);
        }

        var blocks = BlocksPerPage(table, limits);
        var isNear = earlierPageBlocks is { } earlier && earlier <= blocks * MaxDrift && blocks <= (long)earlier * MaxDrift;
        return new PageLayout(table.HeapBlocks, isNear ? earlierPageBlocks!.Value : blocks);
    }

    /// <summary>
    /// Whether pages of the table are read by queries, whose planning locks its indexes, or may be once it is known how an earlier backup,
    /// or an earlier part of this one, has cut it.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="limits">How large pages may be.</param>
    /// <param name="mayFollowEarlier">Whether it may be cut as before.</param>
    public static bool MayBeQueried(TableInfo table, PageLimits limits, bool mayFollowEarlier)
    {
        var layout = LayoutOf(table, limits);
        if (mayFollowEarlier && layout.PageBlocks > 0)
        {
            layout = layout with { PageBlocks = Math.Max(1, layout.PageBlocks / MaxDrift) };
        }

        return Plan(table, layout).FirstOrDefault() is { } page && !CopyStatement.IsPlain(page);
    }

    private static long BlocksPerPage(TableInfo table, PageLimits limits)
    {
        var bytesPerBlock = Math.Max(1, (table.TotalBytes + table.HeapBlocks - 1) / Math.Max(1, table.HeapBlocks));
        var blocks = Math.Clamp(limits.TargetBytes / bytesPerBlock, 1, limits.MaxBlocks);
        var below = 1L << BitOperations.Log2((ulong)blocks);

        // The nearest power of two: a little TOAST must not halve the pages of a table.
        return blocks * blocks > 2 * below * below && 2 * below <= limits.MaxBlocks ? 2 * below : below;
    }
}
