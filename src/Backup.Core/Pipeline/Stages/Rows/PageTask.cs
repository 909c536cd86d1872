using Backup.Core.Postgres;

namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>A page that is to be read.</summary>
/// <param name="Table">Its table in this run.</param>
/// <param name="Page">The range.</param>
internal readonly record struct PageTask(TableRun Table, TablePage Page)
{
    /// <summary>Whether it is all of a relation, which is cut by size while it is read.</summary>
    public bool IsWholeRelation => Page is { FirstBlock: null, EndBlock: null };

    /// <summary>The part of the table's blocks that the page covers, from 0 to 1.</summary>
    public double Fraction
    {
        get
        {
            if (IsWholeRelation || Table.Info.HeapBlocks == 0)
            {
                return 1;
            }

            var end = Page.EndBlock ?? Table.Info.HeapBlocks;
            return Math.Max(0, end - (Page.FirstBlock ?? 0)) / (double)Table.Info.HeapBlocks;
        }
    }
}
