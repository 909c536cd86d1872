using Backup.Core.Compression;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Tests.Hosting.Probes;
using Microsoft.Extensions.Options;

namespace Backup.Core.Tests.Pipeline.Memory;

public sealed class ResourcePlanTests
{
    private const long MiB = 1024 * 1024;

    private static readonly RunLanes Rows = new(HasRows: true, HasObjects: false);
    private static readonly RunLanes Objects = new(HasRows: false, HasObjects: true);
    private static readonly RunLanes Both = new(HasRows: true, HasObjects: true);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(4, 4, 4)]
    public void Create_AllAutomatic_TakesTheProcessors(int processors, int connections, int workers)
    {
        var plan = ResourcePlan.Create(Ordinary(), Rows, new NoCompressor(), FakeHost.Of(processors, 8192 * MiB));

        Assert.Equal(connections, plan.Connections);
        Assert.Equal(workers, plan.Workers);
        Assert.Equal(48 * MiB, plan.BudgetBytes);
    }

    [Fact]
    public void Create_ManyProcessors_StaysWithinTheBudgetAndTheMostConnections()
    {
        var plan = ResourcePlan.Create(Ordinary(), Rows, new NoCompressor(), FakeHost.Of(128, 65_536 * MiB));

        Assert.Equal(4, plan.Connections);
        Assert.InRange(plan.Workers, 5, 63);
        Assert.Equal(48 * MiB, plan.BudgetBytes);
        Assert.True(plan.ShareBytes >= 2 * plan.Sizes.BlockCostBytes);
    }

    [Theory]
    [InlineData(128, 32)]
    [InlineData(64, 16)]
    public void Create_LittleMemory_TakesAQuarter(int memoryMiB, int budgetMiB)
    {
        var plan = ResourcePlan.Create(Ordinary(), Rows, new NoCompressor(), FakeHost.Of(2, memoryMiB * MiB));

        Assert.Equal(budgetMiB * MiB, plan.BudgetBytes);
        Assert.True(plan.ShareBytes >= plan.Sizes.BlockCostBytes);
    }

    [Fact]
    public void Create_HardlyAnyMemory_TakesWhatOneReaderNeeds()
    {
        var plan = ResourcePlan.Create(Ordinary(), Rows, new NoCompressor(), FakeHost.Of(8, 8 * MiB));

        Assert.Equal(1, plan.Connections);
        Assert.Equal(1, plan.Workers);
        Assert.True(plan.ShareBytes >= 2 * plan.Sizes.BlockCostBytes);
    }

    [Fact]
    public void Create_BudgetTooSmallForTheNumbers_Throws()
    {
        var options = new BackupOptions { Profile = BackupProfile.Default, Connections = 8, CompressionWorkers = 8, MemoryBudgetBytes = 8 * MiB };

        var exception = Assert.Throws<OptionsValidationException>(
            () => ResourcePlan.Create(options, Rows, new NoCompressor(), FakeHost.Of(8, 8192 * MiB)));

        Assert.Contains("8 connections and 8 compression workers", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SegmentBytes_OfTheDefaultBlock_Is64KiB()
    {
        var plan = ResourcePlan.Create(Ordinary(), Rows, new NoCompressor(), FakeHost.Of(2, 8192 * MiB));

        Assert.Equal(64 * 1024, plan.Sizes.SegmentBytes);
        Assert.Equal(3, plan.Shares);
    }

    [Theory]
    [InlineData(8192, 2, 2, 8)]
    [InlineData(128, 2, 2, 4)]
    [InlineData(64, 1, 2, 1)]
    public void Create_BothLanes_GivesUpLargeObjectsAtOnceBeforeReaders(int memoryMiB, int connections, int workers, int objectShares)
    {
        var plan = ResourcePlan.Create(Ordinary(), Both, new NoCompressor(), FakeHost.Of(2, memoryMiB * MiB));

        Assert.Equal((connections, workers, objectShares), (plan.Connections, plan.Workers, plan.ObjectShares));
        Assert.Equal(8, plan.Transfers);
        Assert.True(plan.ShareBytes >= 2 * plan.Sizes.BlockCostBytes);
    }

    [Fact]
    public void Create_ObjectsAlone_HasNoConnections()
    {
        var plan = ResourcePlan.Create(Ordinary(), Objects, new NoCompressor(), FakeHost.Of(2, 8192 * MiB));

        Assert.Equal((0, 8, 11), (plan.Connections, plan.Transfers, plan.Shares));
    }

    [Theory]
    [InlineData(0L, 4096, 8192)]
    [InlineData(4096L, 4096, 8192)]
    [InlineData(4097L, 16_384, 32_768)]
    [InlineData(262_144L, 262_144, 524_288)]
    [InlineData(262_145L, 1_048_576, 2_097_152)]
    [InlineData(1_048_577L, 1_048_576, 4_194_304)]
    public void ShareFor_AnObject_IsWhatItNeeds(long bytes, int block, int share)
    {
        var plan = ResourcePlan.Create(Ordinary(), Both, new NoCompressor(), FakeHost.Of(2, 8192 * MiB));

        Assert.Equal(block, plan.SizesFor(bytes).BlockBytes);
        Assert.Equal(share, plan.ShareFor(bytes));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1L << 40)]
    [InlineData(long.MaxValue)]
    public void ShareFor_ALargeObjectOrOneOfUnknownSize_IsAShare(long? bytes)
    {
        var plan = ResourcePlan.Create(Ordinary(), Both, new NoCompressor(), FakeHost.Of(2, 8192 * MiB));

        Assert.Equal(plan.ShareBytes, plan.ShareFor(bytes));
        Assert.Equal(plan.Sizes, plan.SizesFor(bytes));
    }

    private static BackupOptions Ordinary() => new() { Profile = BackupProfile.Default };
}
