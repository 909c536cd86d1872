using Backup.Core.Pipeline.Incremental;
using Backup.Core.Postgres;

namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>A page that is to be read.</summary>
/// <param name="Table">Its table in this run.</param>
/// <param name="Page">The range.</param>
internal readonly record struct PageTask(TableRun Table, TablePage Page)
{
    /// <summary>The largest table, heap and TOAST together, that is a small one.</summary>
    public const long MaxSmallTableBytes = 64 * 1024;

    private const long SmallTextBytes = 64 * 1024;
    private const int TextPerSmallByte = 4;
    private const int TextPerByte = 2;

    /// <summary>What the parent of an incremental run has of the table; <see langword="null"/> for nothing, and in other runs.</summary>
    public ParentTable? Parent => Table.Start.Parent;

    /// <summary>Whether it is all of a relation, which is cut by size while it is read.</summary>
    public bool IsWholeRelation => Page is { FirstBlock: null, EndBlock: null };

    /// <summary>Whether it is all of a small table, which is read without a query.</summary>
    public bool IsSmallTable =>
        CopyStatement.IsPlain(Page) && Table.Info is { SupportsCtidRanges: true, TotalBytes: <= MaxSmallTableBytes };

    /// <summary>The heap and TOAST data that the page covers, in bytes, as far as that can be told from the table's.</summary>
    public long TableBytes => (long)(Fraction * Table.Info.TotalBytes);

    /// <summary>
    /// About the most text that the page gives; <see langword="null"/> for a relation that is read whole. More text, of rows that the server
    /// keeps compressed, goes through the same buffers.
    /// </summary>
    public long? ExpectedBytes => IsSmallTable ? Math.Max(SmallTextBytes, Table.Info.TotalBytes * TextPerSmallByte)
        : IsWholeRelation ? null
        : Math.Max(SmallTextBytes, TableBytes * TextPerByte);

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
