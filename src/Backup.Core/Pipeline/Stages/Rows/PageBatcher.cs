namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>Puts pages together for a reader to ask the server for all of them at once: those of one table, or small tables.</summary>
/// <remarks>
/// Without batches each page would cost a round trip. A batch is small in every respect, so that readers still share the work evenly, and
/// the statements that ask for it stay short.
/// </remarks>
/// <param name="joinsTables">Whether small tables are put together: where a failed table must not touch any other, each is asked for alone.</param>
/// <param name="readers">How many readers share the work.</param>
internal sealed class PageBatcher(bool joinsTables, int readers)
{
    /// <summary>The most pages of a batch.</summary>
    public const int MaxPages = 64;

    /// <summary>The most table data that a batch of pages of one table covers, in bytes, where it has more than one page: 16 MiB.</summary>
    public const long MaxBytes = 16 * 1024 * 1024;

    private const int MaxColumns = 2_000;

    // Of a table that all readers read at once each gets a few batches, so that none has much left when the others are done.
    private const int BatchesPerReader = 4;

    private List<PageTask> _tasks = [];
    private long _bytes;
    private int _columns;

    /// <summary>Takes a page in.</summary>
    /// <returns>The batches that are ready now, in order.</returns>
    public IEnumerable<PageBatch> Add(PageTask task)
    {
        if (_tasks.Count > 0 && !Fits(task))
        {
            yield return Take();
        }

        _tasks.Add(task);
        _bytes += task.TableBytes;
        _columns += task.Table.Info.Columns.Count;
        if (_tasks.Count == MaxPages || _columns >= MaxColumns || !IsJoined(task))
        {
            yield return Take();
        }
    }

    /// <summary>Gives what is left.</summary>
    public IEnumerable<PageBatch> Flush()
    {
        if (_tasks.Count > 0)
        {
            yield return Take();
        }
    }

    private bool IsJoined(PageTask task) => task.IsSmallTable ? joinsTables : !task.IsWholeRelation;

    private bool Fits(PageTask task)
    {
        if (!IsJoined(task))
        {
            return false;
        }

        return task.IsSmallTable
            ? _tasks[0].IsSmallTable
            : ReferenceEquals(_tasks[0].Table, task.Table)
                && _bytes + task.TableBytes <= Math.Min(MaxBytes, task.Table.Info.TotalBytes / (readers * BatchesPerReader));
    }

    private PageBatch Take()
    {
        var batch = new PageBatch(_tasks);
        _tasks = [];
        _bytes = 0;
        _columns = 0;
        return batch;
    }
}
