using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;

namespace Backup.Core.Tests.Restore;

/// <summary>What may be made while rows of other tables are still being loaded.</summary>
public sealed class EarlyEntriesTests
{
    private static readonly TocEntry[] Made =
    [
        Toc.Entry(1, "TABLE", "a", "a"), Toc.Entry(2, "TABLE", "b", "b"), Toc.Entry(3, "FUNCTION", "f()"),
        Toc.Entry(4, "TABLE", "p", "p"), Toc.Entry(5, "TABLE", "p1", "p1"), Toc.Entry(6, "TABLE ATTACH", "p1", "p1", 4, 5),
    ];

    [Theory]
    [InlineData("INDEX")]
    [InlineData("CONSTRAINT")]
    public void TryStart_TableIsLoaded_GivesItsIndexesAndKeys(string kind)
    {
        var schedule = Schedule(Toc.Entry(10, kind, "i", "a", 1), Toc.Entry(11, kind, "j", "b", 2));
        Assert.False(schedule.CanStart);

        schedule.AddLoaded(Name("a"));

        Assert.Equal(10, schedule.TryStart()!.Id);
        Assert.Null(schedule.TryStart());
    }

    [Fact]
    public void TryStart_ForeignKey_WaitsForTheRowsOfBothTables()
    {
        var schedule = Schedule(Toc.Entry(10, "FK CONSTRAINT", "a_b_fk", "a", 1, 2));

        schedule.AddLoaded(Name("a"));
        Assert.Null(schedule.TryStart());
        schedule.AddLoaded(Name("b"));
        Assert.NotNull(schedule.TryStart());
    }

    [Fact]
    public void TryStart_ForeignKeyToATableThatIsNotInTheBackup_WaitsForAllRows()
    {
        var schedule = Schedule(Toc.Entry(10, "FK CONSTRAINT", "a_fk", "a", 1));

        schedule.AddLoaded(Name("a"));

        Assert.Null(schedule.TryStart());
    }

    [Fact]
    public void TryStart_KeyOfAPartitionedTable_WaitsForItsPartitions()
    {
        var schedule = Schedule(Toc.Entry(10, "CONSTRAINT", "p_pkey", "p", 4));
        Assert.Null(schedule.TryStart());

        schedule.AddLoaded(Name("p1"));

        Assert.NotNull(schedule.TryStart());
    }

    [Theory]
    [InlineData("TRIGGER", 1)]
    [InlineData("POLICY", 1)]
    [InlineData("INDEX", 3)]
    [InlineData("FK CONSTRAINT", 99)]
    public void TryStart_WhatMayReadOtherTables_WaitsForAllRows(string kind, int need)
    {
        var schedule = Schedule(Toc.Entry(100, kind, "x", "a", need));
        schedule.AddLoaded(Name("a"));
        Assert.Null(schedule.TryStart());

        schedule.Open();

        Assert.NotNull(schedule.TryStart());
    }

    private static QualifiedName Name(string table) => new("public", table);

    private static PostDataSchedule Schedule(params TocEntry[] entries) => new(
        entries, Made.Concat(entries), new[] { "a", "b", "p1" }.ToDictionary(Name, _ => 1d));
}
