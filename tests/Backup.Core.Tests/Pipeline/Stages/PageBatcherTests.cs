using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Stages.Rows;
using Backup.Core.Postgres;

namespace Backup.Core.Tests.Pipeline.Stages;

public sealed class PageBatcherTests
{
    private const int PageBytes = 1024 * 1024;

    [Fact]
    public void Add_SmallTables_ArePutTogetherInOrder()
    {
        PageTask[] tasks = [.. Enumerable.Range(1, PageBatcher.MaxPages + 3).Select(number => Task(number))];

        var batches = Batches(joinsTables: true, tasks);

        Assert.Equal([PageBatcher.MaxPages, 3], batches.Select(batch => batch.Tasks.Count));
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

        var batches = Batches(joinsTables: true, tasks);

        Assert.Equal([1, 1, 1, 1, 1, 1, 2], batches.Select(batch => batch.Tasks.Count));
        Assert.Equal(tasks, batches.SelectMany(batch => batch.Tasks));
    }

    [Fact]
    public void Add_WideTables_MakeShortBatches()
    {
        var batches = Batches(joinsTables: true, [.. Enumerable.Range(1, 6).Select(number => Task(number, columns: 1_000))]);

        Assert.Equal([2, 2, 2], batches.Select(batch => batch.Tasks.Count));
    }

    [Fact]
    public void Add_TablesThatMustNotTouchOneAnother_GivesEachAlone()
    {
        var batches = Batches(joinsTables: false, [Task(1), Task(2)]);

        Assert.Equal([1, 1], batches.Select(batch => batch.Tasks.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Add_PagesOfLargeTables_ArePutTogetherByTable(bool joinsTables)
    {
        PageTask[] tasks = [.. Pages(1, pages: 500), .. Pages(2, pages: 400)];

        var batches = Batches(joinsTables, tasks);

        Assert.Equal(tasks, batches.SelectMany(batch => batch.Tasks));
        Assert.All(batches, batch => Assert.Single(batch.Tasks.Select(task => task.Table).Distinct()));
        Assert.All(batches, batch => Assert.InRange(batch.Tasks.Count, 1, PageBatcher.MaxBytes / PageBytes));
        Assert.Equal((500 + 15) / 16 + (400 / 16), batches.Count);
    }

    [Fact]
    public void Add_PagesOfATableThatAllReadersShare_MakesEnoughBatchesForEach()
    {
        var batches = Batches(joinsTables: true, Pages(1, pages: 32));

        // A quarter of a reader's half.
        Assert.Equal(8, batches.Count);
    }

    [Fact]
    public void Add_SmallPages_AreNoMoreThanAMessageMayHold()
    {
        var batches = Batches(joinsTables: true, Pages(1, pages: 2_000, pageBytes: 8192));

        Assert.All(batches.SkipLast(1), batch => Assert.Equal(PageBatcher.MaxPages, batch.Tasks.Count));
    }

    [Fact]
    public void Add_RelationReadWhole_StandsAlone()
    {
        var foreign = Task(2).Table.Info with { SupportsCtidRanges = false };
        var run = new TableRun(foreign, Task(2).Table.Start, TimeProvider.System);
        var whole = new PageTask(run, new TablePage(foreign, 1, null, null));

        var batches = Batches(joinsTables: true, [Task(1), whole, Task(3)]);

        Assert.Equal([1, 1, 1], batches.Select(batch => batch.Tasks.Count));
    }

    private static PageTask[] Pages(int number, int pages, int pageBytes = PageBytes)
    {
        var table = Task(number, bytes: (long)pages * pageBytes).Table;
        var layout = new PageLayout(table.Info.HeapBlocks, pageBytes / 8192);
        return [.. PagePlanner.Plan(table.Info, layout).Select(page => new PageTask(table, page))];
    }

    private static List<PageBatch> Batches(bool joinsTables, PageTask[] tasks)
    {
        var batcher = new PageBatcher(joinsTables, readers: 2);
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
