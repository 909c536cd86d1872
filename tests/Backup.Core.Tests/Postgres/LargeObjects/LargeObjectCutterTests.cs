using Backup.Core.Postgres.LargeObjects;

namespace Backup.Core.Tests.Postgres.LargeObjects;

public sealed class LargeObjectCutterTests
{
    private const long Target = 256 * 1024;

    [Fact]
    public void Add_SmallObjects_ShareAPage()
    {
        var cutter = new LargeObjectCutter(Target);

        for (var oid = 1u; oid <= 256; oid++)
        {
            cutter.Add(oid, 0);
        }

        cutter.Add(300, 0);

        Assert.Equal([new(1, 0), new(300, 0)], cutter.Cuts);
        Assert.Equal(0, cutter.TotalBytes);
    }

    [Fact]
    public void Add_ObjectLargerThanAPage_BeginsOneAndIsCut()
    {
        var cutter = new LargeObjectCutter(Target);

        cutter.Add(1, 10);
        cutter.Add(2, (2 * Target) + 1);
        cutter.Add(3, 10);
        cutter.Add(4, Target);

        Assert.Equal([new(1, 0), new(2, 0), new(2, Target), new(2, 2 * Target), new(4, 0)], cutter.Cuts);
        Assert.Equal((3 * Target) + 21, cutter.TotalBytes);
    }

    [Fact]
    public void Add_TargetThatIsNoWholeChunk_CutsAtChunks()
    {
        var cutter = new LargeObjectCutter(1000);

        cutter.Add(1, LargeObjectQueries.ChunkBytes + 1);

        Assert.Equal([new(1, 0), new(1, LargeObjectQueries.ChunkBytes)], cutter.Cuts);
    }

    [Fact]
    public void Add_MoreCutsThanAreKept_GivesUpEverySecondAndMakesLargerPages()
    {
        var cutter = new LargeObjectCutter(Target, maxCuts: 4);

        cutter.Add(1, 8 * Target);

        Assert.Equal([new(1, 0), new(1, 2 * Target), new(1, 4 * Target), new(1, 6 * Target)], cutter.Cuts);
    }

    [Fact]
    public void Add_LargestObjectThereCanBe_KeepsCutsFew()
    {
        var cutter = new LargeObjectCutter(Target);

        cutter.Add(1, 4L * 1024 * 1024 * 1024 * 1024);

        Assert.InRange(cutter.Cuts.Count, LargeObjectCutter.DefaultMaxCuts / 2, LargeObjectCutter.DefaultMaxCuts);
        Assert.All(cutter.Cuts, cut => Assert.Equal(0, cut.Offset % LargeObjectQueries.ChunkBytes));
    }

    [Fact]
    public void Add_ObjectsBehindThoseOfBefore_LeaveEarlierCutsWhereTheyWere()
    {
        var before = new LargeObjectCutter(Target);
        var after = new LargeObjectCutter(Target);
        for (var oid = 1u; oid <= 100; oid++)
        {
            before.Add(oid, 50_000 * (oid % 7));
            after.Add(oid, 50_000 * (oid % 7));
        }

        after.Add(200, 3 * Target);

        Assert.Equal(before.Cuts, after.Cuts.Take(before.Cuts.Count));
        Assert.True(after.Cuts.Count > before.Cuts.Count);
    }
}
