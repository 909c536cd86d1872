namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>Puts the pages of small tables together, for a reader to ask the server for all of them at once.</summary>
/// <remarks>
/// A batch is small in every respect, so that readers still share the work evenly, and the statements that ask for it stay short.
/// </remarks>
/// <param name="isOn">Whether batches are made: where a failed table must not touch any other, each is asked for alone.</param>
internal sealed class PageBatcher(bool isOn)
{
    /// <summary>The most tables of a batch.</summary>
    public const int MaxTables = 64;

    private const int MaxColumns = 2_000;

    private List<PageTask> _tasks = [];
    private int _columns;

    /// <summary>Takes a page in.</summary>
    /// <returns>The batches that are ready now, in order.</returns>
    public IEnumerable<PageBatch> Add(PageTask task)
    {
        if (!isOn || !task.IsSmallTable)
        {
            foreach (var batch in Flush())
            {
                yield return batch;
            }

            yield return new PageBatch([task]);
            yield break;
        }

        _tasks.Add(task);
        _columns += task.Table.Info.Columns.Count;
        if (_tasks.Count == MaxTables || _columns >= MaxColumns)
        {
            foreach (var batch in Flush())
            {
                yield return batch;
            }
        }
    }

    /// <summary>Gives what is left.</summary>
    public IEnumerable<PageBatch> Flush()
    {
        if (_tasks.Count == 0)
        {
            yield break;
        }

        yield return new PageBatch(_tasks);
        _tasks = [];
        _columns = 0;
    }
}
