using System.Numerics;
using Backup.Core.Postgres;
using CsCheck;

namespace Backup.Core.Tests.Postgres;

public sealed class PagePlannerTests
{
    private const long BlockBytes = 8_192;

    private static readonly Gen<(long Blocks, long ToastBytes, PageLimits Plan)> Tables = Gen.Select(
        Gen.Long[0, 200_000],
        Gen.Long[0, 20L * 1024 * 1024 * 1024],
        Gen.Select(Gen.Long[1, 256L * 1024 * 1024], Gen.Int[1, 8_192], (bytes, blocks) => new PageLimits { TargetBytes = bytes, MaxBlocks = blocks }));

    [Fact]
    public void Plan_AnyHeap_CoversEveryBlockExactlyOnce() =>
        Tables.Sample(
            sample =>
            {
                var next = 0L;
                var number = 1;
                TablePage? last = null;
                foreach (var page in PagePlanner.Plan(Heap(sample.Blocks, sample.ToastBytes), sample.Plan))
                {
                    Assert.Equal(next, page.FirstBlock);
                    Assert.Equal(number++, page.Number);
                    Assert.True(last is null or { EndBlock: not null });
                    next = page.EndBlock ?? long.MaxValue;
                    last = page;
                }

                Assert.Equal(sample.Blocks == 0, last is null);
                Assert.Equal(sample.Blocks == 0 ? 0 : long.MaxValue, next);
            },
            iter: 300);

    [Fact]
    public void Plan_LayoutOfAnEarlierSnapshot_CutsTheGrownTableAsThen()
    {
        var layout = PagePlanner.LayoutOf(Heap(40, 0), new PageLimits { MaxBlocks = 16 });

        var pages = PagePlanner.Plan(Heap(100, 0), layout).ToList();

        Assert.Equal(
            [(1, 0L, (long?)16L), (2, 16L, 32L), (3, 32L, null)], pages.Select(page => (page.Number, page.FirstBlock!.Value, page.EndBlock)));
    }

    [Theory]
    [InlineData(33, false, true)]
    [InlineData(32, false, false)]
    [InlineData(32, true, true)]
    [InlineData(9, true, true)]
    [InlineData(8, true, false)]
    public void MayBeQueried_TableThatAnEarlierBackupMayHaveCut_SaysSo(long blocks, bool mayFollowEarlier, bool expected) =>
        Assert.Equal(expected, PagePlanner.MayBeQueried(Heap(blocks), new PageLimits { MaxBlocks = 32 }, mayFollowEarlier));

    [Fact]
    public void Plan_AnyHeap_HasRangesOfOnePowerOfTwo() =>
        Tables.Sample(
            sample =>
            {
                var lengths = PagePlanner.Plan(Heap(sample.Blocks, sample.ToastBytes), sample.Plan)
                    .Where(page => page.EndBlock is not null)
                    .Select(page => page.EndBlock!.Value - page.FirstBlock!.Value)
                    .Distinct()
                    .ToArray();
                Assert.True(lengths.Length <= 1);
                Assert.All(lengths, length => Assert.True(BitOperations.IsPow2(length) && length <= sample.Plan.MaxBlocks));
            },
            iter: 300);

    [Fact]
    public void Plan_HeapThatGrew_KeepsTheRangesOfBefore() =>
        Gen.Select(Gen.Long[1, 100_000], Gen.Long[0, 100_000]).Sample(
            (blocks, growth) =>
            {
                var before = Ranges(Heap(blocks)).Where(range => range.End is not null);
                var after = Ranges(Heap(blocks + growth));
                Assert.Subset(after.ToHashSet(), before.ToHashSet());
            },
            iter: 200);

    [Fact]
    public void Plan_RowsInToast_BoundsThePageByAllBytes()
    {
        var table = Heap(blocks: 1_000, toastBytes: 1_000 * 9 * BlockBytes);

        var page = PagePlanner.Plan(table, new PageLimits { TargetBytes = 100 * BlockBytes }).First();

        // A block stands for ten blocks' bytes: ten of them fill the target, eight are the nearest power of two.
        Assert.Equal(8, page.EndBlock);
    }

    [Fact]
    public void Plan_DefaultsAndLittleToast_TakesAllBlocks() =>
        Assert.All([0, 1, 3_000 * BlockBytes], toastBytes => Assert.Equal(32, PagePlanner.Plan(Heap(10_000, toastBytes), new PageLimits()).First().EndBlock));

    [Theory]
    [InlineData(32, 32)]
    [InlineData(16, 16)]
    [InlineData(128, 128)]
    [InlineData(8, 8)]
    [InlineData(4, 32)]
    [InlineData(256, 32)]
    public void LayoutOf_EarlierBackup_CutsAsThenUnlessFarFromIt(int earlier, int expected) =>
        Assert.Equal(expected, PagePlanner.LayoutOf(Heap(10_000), new PageLimits(), earlier).PageBlocks);

    [Fact]
    public void Plan_EmptyHeap_HasNoPage() => Assert.Empty(PagePlanner.Plan(Heap(0), new PageLimits()));

    [Fact]
    public void Plan_NoCtidRanges_IsOneWholePage()
    {
        var table = Heap(0) with { SupportsCtidRanges = false, TotalBytes = 1L << 40 };

        Assert.Equal(new TablePage(table, 1, null, null), Assert.Single(PagePlanner.Plan(table, new PageLimits())));
    }

    [Fact]
    public void Plan_Condition_IsOneWholePage()
    {
        var table = Heap(100_000) with { Condition = "id > 1000" };

        Assert.Equal(new TablePage(table, 1, null, null), Assert.Single(PagePlanner.Plan(table, new PageLimits())));
    }

    private static IEnumerable<(long? First, long? End)> Ranges(TableInfo table) =>
        PagePlanner.Plan(table, new PageLimits()).Select(page => (page.FirstBlock, page.EndBlock));

    private static TableInfo Heap(long blocks, long toastBytes = 0) => new()
    {
        Oid = 1,
        Name = new QualifiedName("public", "t"),
        Columns = ["a"],
        HeapBlocks = blocks,
        TotalBytes = (blocks * BlockBytes) + toastBytes,
        SupportsCtidRanges = true,
    };
}
