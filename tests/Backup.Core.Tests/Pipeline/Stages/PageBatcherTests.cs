using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Stages.Rows;
using Backup.Core.Postgres;

namespace Backup.Core.Tests.Pipeline.Stages;

public sealed class PageBatcherTests
{
    [Fact]
    public void Add_SmallTables_ArePutTogetherInOrder()
    {
        PageTask[] tasks = [.. Enumerable.Range(1, PageBatcher.MaxTables + 3).Select(number => Task(number))];

        var batches = Batches(isOn: true, tasks);

        Assert.Equal([PageBatcher.MaxTables, 3], batches.Select(batch => batch.Tasks.Count));
        Assert.Equal(tasks, batches.SelectMany(batch => batch.Tasks));
    }

    [Fact]
    public void Add_OtherPagesAmongSmallTables_StandAloneAndKeepTheOrder()
    {
        PageTask[] tasks =
        [
            Task(1),
            Task(2, bytes: PageTask.MaxSmallTableBytes + 1),
            Task(3),
            Task(4) with { Page = new TablePage(Task(4).Table.Info, 1, 0, 1) },
            Task(5, condition: "true"),
            Task(6, columns: 0),
            Task(7),
            Task(8),
        ];

        var batches = Batches(isOn: true, tasks);

        Assert.Equal([1, 1, 1, 1, 1, 1, 2], batches.Select(batch => batch.Tasks.Count));
        Assert.Equal(tasks, batches.SelectMany(batch => batch.Tasks));
    }

    [Fact]
    public void Add_WideTables_MakeShortBatches()
    {
        var batches = Batches(isOn: true, [.. Enumerable.Range(1, 6).Select(number => Task(number, columns: 1_000))]);

        Assert.Equal([2, 2, 2], batches.Select(batch => batch.Tasks.Count));
    }

    [Fact]
    public void Add_SwitchedOff_GivesEachPageAlone()
    {
        var batches = Batches(isOn: false, [Task(1), Task(2)]);

        Assert.Equal([1, 1], batches.Select(batch => batch.Tasks.Count));
    }

    private static List<PageBatch> Batches(bool isOn, PageTask[] tasks)
    {
        var batcher = new PageBatcher(isOn);
        return [.. tasks.SelectMany(batcher.Add), .. batcher.Flush()];
    }

    private static PageTask Task(int number, long bytes = 8192, string? condition = null, int columns = 1)
    {
        var table = new TableInfo
        {
            Oid = (uint)number,
            Name = new QualifiedName("public", $"t{number}"),
            Columns = [.. Enumerable.Range(1, columns).Select(column => $"c{column}")],
            HeapBlocks = (bytes + 8191) / 8192,
            TotalBytes = bytes,
            SupportsCtidRanges = true,
            Condition = condition,
        };
        return new PageTask(new TableRun(table, new TableStart { Folder = "database/data/public.t/", Layout = default }, TimeProvider.System), new TablePage(table, 1, 0, null));
    }
}
