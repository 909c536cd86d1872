using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;

namespace Backup.Core.Tests.Restore;

public sealed class PostDataScheduleTests
{
    [Fact]
    public void TryStart_IndexesOfOneTable_MayBeMadeAtOnce()
    {
        var schedule = Schedule([Toc.Entry(1, "INDEX", "i1", "a"), Toc.Entry(2, "INDEX", "i2", "a")]);

        Assert.NotNull(schedule.TryStart());
        Assert.NotNull(schedule.TryStart());
    }

    [Fact]
    public void TryStart_ConstraintsOfOneTable_AreMadeOneAfterAnother()
    {
        var schedule = Schedule([Toc.Entry(1, "CONSTRAINT", "c1", "a"), Toc.Entry(2, "CONSTRAINT", "c2", "a")]);

        var first = schedule.TryStart();
        Assert.Null(schedule.TryStart());
        schedule.Finish(first!);
        Assert.Equal(2, schedule.TryStart()!.Id);
    }

    [Fact]
    public void TryStart_ForeignKey_WaitsForItsUniqueIndexAndLocksBothTables()
    {
        var schedule = Schedule(
        [
            Toc.Entry(1, "CONSTRAINT", "b_pkey", "b"),
            Toc.Entry(2, "FK CONSTRAINT", "a_b_fk", "a", 1),
            Toc.Entry(3, "INDEX", "b_name", "b"),
        ]);

        var key = schedule.TryStart()!;
        Assert.Equal(1, key.Id);
        Assert.Null(schedule.TryStart());
        schedule.Finish(key);
        Assert.Equal(2, schedule.TryStart()!.Id);
        Assert.Null(schedule.TryStart());
    }

    [Fact]
    public void StartAlong_SmallEntries_GivesAllThatLockNothingOthersWorkOn()
    {
        var schedule = Schedule(
        [
            Toc.Entry(1, "CONSTRAINT", "a_pkey", "a"),
            Toc.Entry(2, "CONSTRAINT", "b_pkey", "b"),
            Toc.Entry(3, "CONSTRAINT", "a_key", "a"),
            Toc.Entry(4, "INDEX", "b_name", "b"),
            Toc.Entry(5, "CONSTRAINT", "c_pkey", "c"),
            Toc.Entry(6, "FK CONSTRAINT", "c_b_fk", "c", 5),
        ]);
        schedule.TryStart();
        var second = schedule.TryStart()!;

        Assert.Equal(2, second.Id);
        Assert.Equal([4, 5], schedule.StartAlong(second).Select(entry => entry.Id));
        Assert.Null(schedule.TryStart());
    }

    [Fact]
    public void StartAlong_LargeTable_GivesNothing()
    {
        TocEntry[] entries = [Toc.Entry(1, "INDEX", "i1", "a"), Toc.Entry(2, "INDEX", "i2", "a"), Toc.Entry(3, "INDEX", "i3", "b")];
        var schedule = new PostDataSchedule(
            entries, entries, new Dictionary<QualifiedName, double> { [new("public", "a")] = 1e9, [new("public", "b")] = 1 });
        schedule.Open();

        var first = schedule.TryStart()!;

        Assert.Equal(1, first.Id);
        Assert.Empty(schedule.StartAlong(first));
    }

    [Fact]
    public void StartAlong_ManyEntries_GivesAsManyAsOneMessageTakes()
    {
        var schedule = Schedule([.. Enumerable.Range(1, 300).Select(id => Toc.Entry(id, "INDEX", $"i{id}", $"t{id}"))]);

        Assert.Equal(SharedMessages.MaxEntries - 1, schedule.StartAlong(schedule.TryStart()!).Count);
    }

    [Fact]
    public void TryStart_ConstraintOfAPartitionedTable_LocksItsPartitions()
    {
        TocEntry[] made = [Toc.Entry(1, "TABLE", "p", "p"), Toc.Entry(2, "TABLE", "p1", "p1"), Toc.Entry(3, "TABLE ATTACH", "p1", "p1", 1, 2)];
        TocEntry[] entries = [Toc.Entry(4, "FK CONSTRAINT", "fk", "p"), Toc.Entry(5, "INDEX", "i", "p1")];
        var schedule = new PostDataSchedule(entries, made.Concat(entries), new Dictionary<QualifiedName, double>());
        schedule.Open();

        Assert.NotNull(schedule.TryStart());
        Assert.Null(schedule.TryStart());
    }

    [Fact]
    public void TryStart_SeveralReady_TakesLargeTablesFirst()
    {
        TocEntry[] entries = [Toc.Entry(1, "INDEX", "i1", "small"), Toc.Entry(2, "INDEX", "i2", "large")];
        var sizes = new Dictionary<QualifiedName, double> { [new("public", "large")] = 1000, [new("public", "small")] = 1 };

        var schedule = new PostDataSchedule(entries, entries, sizes);
        schedule.Open();

        Assert.Equal(2, schedule.TryStart()!.Id);
    }

    [Fact]
    public void TryStart_KeyThatForeignKeysWaitFor_ComesBeforeAnIndexOfTheSameSize()
    {
        TocEntry[] entries =
        [
            Toc.Entry(1, "INDEX", "i", "c"), Toc.Entry(2, "CONSTRAINT", "b_pkey", "b"), Toc.Entry(3, "FK CONSTRAINT", "a_b_fk", "a", 2),
        ];
        var sizes = new[] { "a", "b", "c" }.ToDictionary(name => new QualifiedName("public", name), _ => 10d);
        var schedule = new PostDataSchedule(entries, entries, sizes);
        schedule.Open();

        Assert.Equal(2, schedule.TryStart()!.Id);
    }

    [Fact]
    public void Fail_Entry_GivesUpWhatNeedsItAndLeavesTheRest()
    {
        var schedule = Schedule(
        [
            Toc.Entry(1, "CONSTRAINT", "b_pkey", "b"),
            Toc.Entry(2, "FK CONSTRAINT", "a_b_fk", "a", 1),
            Toc.Entry(3, "COMMENT", "a_b_fk", "a", 2),
            Toc.Entry(4, "INDEX", "c_i", "c"),
        ]);

        var lost = schedule.Fail(schedule.TryStart()!);

        Assert.Equal([2, 3], lost.Select(entry => entry.Id));
        var last = schedule.TryStart()!;
        Assert.Equal(4, last.Id);
        Assert.False(schedule.IsDone);
        schedule.Finish(last);
        Assert.True(schedule.IsDone);
    }

    private static PostDataSchedule Schedule(TocEntry[] entries)
    {
        var schedule = new PostDataSchedule(entries, entries, new Dictionary<QualifiedName, double>());
        schedule.Open();
        return schedule;
    }
}
