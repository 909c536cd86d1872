using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;

namespace Backup.Core.Tests.Restore;

public sealed class RestoreWorkTests
{
    private static readonly TocEntry[] Entries =
        [Toc.Entry(3, "INDEX", "large_i", "large", 1), Toc.Entry(4, "INDEX", "small_i", "small", 2), Toc.Entry(5, "TRIGGER", "t", "small", 2)];

    private readonly TableLoad _small = Load("small", 1000);

    [Fact]
    public async Task TryTake_LargeTableIsLoaded_GivesItsIndexBeforeTheRowsOfASmallOne()
    {
        var (work, large) = (CreateWork(opens: true), Load("large", 1_000_000));
        await work.AddAsync(new LoadUnit(large, []), default);
        await work.AddAsync(new LoadUnit(_small, []), default);

        Assert.Same(large, work.TryTake()!.Value.Rows!.Value.Load);
        Complete(work, large);

        Assert.Equal(3, work.TryTake()!.Value.Entry!.Id);
        Assert.Same(_small, work.TryTake()!.Value.Rows!.Value.Load);
        Assert.Null(work.TryTake());
    }

    [Fact]
    public async Task TryTake_DistributedRowsOfTableAreLoaded_GivesNothingOfItBeforeAllRowsAreThere()
    {
        var work = CreateWork(opens: true);
        var load = new TableLoad(_small.Table, new QualifiedName("public", "all"));
        await work.AddAsync(new LoadUnit(load, []), default);
        work.TryTake();

        Complete(work, load);

        Assert.Null(work.TryTake());
    }

    [Fact]
    public async Task TryTake_RowsAreLoaded_GivesTheirEndOnceAndThenTheRest()
    {
        var work = await LoadedWorkAsync(opens: true);

        Assert.Equal(default(WorkItem), work.TryTake());
        Assert.Equal([3, 4], TakeEntries(work));
        work.FinishRows();
        foreach (var entry in Entries[..2])
        {
            Assert.Empty(work.Finish(entry, isMade: true));
        }

        Assert.Equal([5], TakeEntries(work));
        work.Finish(Entries[2], isMade: true);
        Assert.False(await work.WaitAsync(default));
    }

    [Fact]
    public async Task WaitAsync_WithoutOpening_IsOverWhenOnlyTheRestIsLeft()
    {
        var work = await LoadedWorkAsync(opens: false);
        work.TryTake();
        work.FinishRows();
        foreach (var id in TakeEntries(work))
        {
            work.Finish(Entries.Single(entry => entry.Id == id), isMade: true);
        }

        Assert.False(await work.WaitAsync(default));
        work.Open();
        Assert.True(await work.WaitAsync(default));
        Assert.Equal([5], TakeEntries(work));
    }

    [Fact]
    public async Task Finish_RowsThatFailed_KeepsTheirIndexesBack()
    {
        var work = CreateWork(opens: true);
        await work.AddAsync(new LoadUnit(_small, []), default);
        work.TryTake();
        _small.Fail(new RestoreFailure { Kind = "TABLE DATA", Subject = "small", Reason = "no" });

        work.Finish(new LoadUnit(_small, []));

        Assert.Null(work.TryTake());
    }

    [Fact]
    public async Task AddAsync_NoRoom_WaitsUntilAUnitIsTaken()
    {
        var work = CreateWork(opens: true, capacity: 1);
        await work.AddAsync(new LoadUnit(_small, []), default);

        var second = work.AddAsync(new LoadUnit(Load("large", 1_000_000), []), default);
        Assert.False(second.IsCompleted);
        work.TryTake();

        await second;
    }

    [Fact]
    public async Task WaitAsync_SomebodyWorks_WaitsForWhatComesOfIt()
    {
        var work = await LoadedWorkAsync(opens: true);
        work.TryTake();
        Assert.Equal([3, 4], TakeEntries(work));

        var waiting = work.WaitAsync(default);
        Assert.False(waiting.IsCompleted);
        work.FinishRows();
        Assert.False(waiting.IsCompleted);
        work.Finish(Entries[1], isMade: true);

        Assert.True(await waiting);
    }

    private static TableLoad Load(string name, long rows) => new(new TableRecord
    {
        Schema = "public",
        Name = name,
        Path = $"database/data/public.{name}/",
        Columns = ["id"],
        Pages = 1,
        Rows = rows,
        RawBytes = rows * 10,
    });

    private static RestoreWork CreateWork(bool opens, int capacity = 9)
    {
        TocEntry[] made = [Toc.Entry(1, "TABLE", "large", "large"), Toc.Entry(2, "TABLE", "small", "small")];
        var costs = new Dictionary<QualifiedName, double> { [new("public", "large")] = 100_000, [new("public", "small")] = 10 };
        return new RestoreWork(new PostDataSchedule(Entries, made.Concat(Entries), costs), capacity, opens);
    }

    private async Task<RestoreWork> LoadedWorkAsync(bool opens)
    {
        var work = CreateWork(opens);
        TableLoad[] loads = [Load("large", 1_000_000), _small];
        foreach (var load in loads)
        {
            await work.AddAsync(new LoadUnit(load, []), default);
            work.TryTake();
        }

        foreach (var load in loads)
        {
            Complete(work, load);
        }

        work.EndRows();
        return work;
    }

    private static void Complete(RestoreWork work, TableLoad load)
    {
        load.Add(load.Table.Pages, load.Table.Rows);
        work.Finish(new LoadUnit(load, []));
    }

    private static int[] TakeEntries(RestoreWork work)
    {
        var ids = new List<int>();
        while (work.TryTake() is { Entry: { } entry })
        {
            ids.Add(entry.Id);
        }

        return [.. ids];
    }
}
