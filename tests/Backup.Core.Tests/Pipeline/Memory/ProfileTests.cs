using Backup.Core.Compression;
using Backup.Core.Hosting;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Tests.Hosting.Probes;

namespace Backup.Core.Tests.Pipeline.Memory;

public sealed class ProfileTests
{
    private const long MiB = 1024 * 1024;

    private static readonly RunLanes Both = new(HasRows: true, HasObjects: true);

    [Theory]
    [InlineData(2, 512, BackupProfile.Constrained)]
    [InlineData(2, 513, BackupProfile.Default)]
    [InlineData(0.5, 4096, BackupProfile.Constrained)]
    [InlineData(1, 4096, BackupProfile.Default)]
    [InlineData(8, 8191, BackupProfile.Default)]
    [InlineData(7.5, 8192, BackupProfile.Default)]
    [InlineData(8, 8192, BackupProfile.High)]
    public void Choose_Automatic_GoesByMemoryAndProcessors(double processors, long memoryMiB, BackupProfile profile) =>
        Assert.Equal(profile, ProfileValues.Choose(BackupProfile.Automatic, FakeHost.Of(processors, memoryMiB * MiB)).Values.Profile);

    [Fact]
    public void Choose_HeapKeptSmall_IsConstrained()
    {
        var host = FakeHost.Of(2, 4096 * MiB) with { HeapBytes = new(256 * MiB, "test") };

        Assert.Equal(BackupProfile.Constrained, ProfileValues.Choose(BackupProfile.Automatic, host).Values.Profile);
        Assert.Equal(
            (150_000_000, 8 * MiB),
            (Plan(new BackupOptions(), host).LowWatermarkBytes, Plan(new BackupOptions(), host).BudgetBytes));
    }

    [Fact]
    public void Create_Constrained_HasTheDocumentedValues()
    {
        var plan = Plan(new BackupOptions { Profile = BackupProfile.Constrained }, 8, 65_536);

        Assert.Equal((2, 3, 2), (plan.Connections, plan.Transfers, plan.Workers));
        Assert.Equal((256 * 1024, MiB / 4, 32), (plan.Sizes.BlockBytes, plan.PageBytes, plan.PageBlocks));
        Assert.Equal(8 * MiB, plan.BudgetBytes);
        Assert.Equal((1536 * 1024, 16_000), (plan.IndexBytes, plan.EntriesPerVolume));
        Assert.Equal((150_000_000, 200_000_000), (plan.LowWatermarkBytes, plan.HighWatermarkBytes));
    }

    [Fact]
    public void Create_ConstrainedWithLessThanOneProcessor_PacksWithOneThread()
    {
        var plan = Plan(new BackupOptions(), 0.25, 4096);

        Assert.Equal((BackupProfile.Constrained, 2, 1), (plan.Profile, plan.Connections, plan.Workers));
    }

    [Fact]
    public void Create_High_HasTheDocumentedValues()
    {
        var plan = Plan(new BackupOptions(), 16, 65_536);

        Assert.Equal((BackupProfile.High, 8, 20), (plan.Profile, plan.Connections, plan.Transfers));
        Assert.Equal((1024 * 1024, MiB / 4, 32), (plan.Sizes.BlockBytes, plan.PageBytes, plan.PageBlocks));
        Assert.Equal(256 * MiB, plan.BudgetBytes);
        Assert.Equal((24 * MiB, 65_000), (plan.IndexBytes, plan.EntriesPerVolume));
        Assert.True(plan.ShareBytes >= 2 * plan.Sizes.BlockCostBytes);
    }

    [Fact]
    public void Create_ExplicitSettings_WinOverTheProfile()
    {
        var options = new BackupOptions
        {
            Profile = BackupProfile.Constrained,
            Connections = 3,
            CompressionWorkers = 4,
            Transfers = 5,
            BlockBytes = 64 * 1024,
            PageBytes = 2 * MiB,
            PageBlocks = 64,
            MemoryBudgetBytes = 20 * MiB,
            LowWatermarkBytes = 90 * MiB,
            HighWatermarkBytes = 95 * MiB,
        };

        var plan = Plan(options, 1, 256);

        Assert.Equal((3, 4, 5), (plan.Connections, plan.Workers, plan.Transfers));
        Assert.Equal((64 * 1024, 2 * MiB, 64), (plan.Sizes.BlockBytes, plan.PageBytes, plan.PageBlocks));
        Assert.Equal(20 * MiB, plan.BudgetBytes);
        Assert.Equal((90 * MiB, 95 * MiB), (plan.LowWatermarkBytes, plan.HighWatermarkBytes));
        Assert.Equal(
            ["large objects in memory", "index in memory", "entries of a volume"],
            plan.Explanations.Where(value => value.Reason != "set").Select(value => value.Name));
    }

    [Theory]
    [InlineData(BackupProfile.Constrained, 100_000_000, 60_000_000, 80_000_000)]
    [InlineData(BackupProfile.Constrained, 1_000_000_000, 150_000_000, 200_000_000)]
    [InlineData(BackupProfile.Default, 1_000_000_000, 600_000_000, 800_000_000)]
    public void Create_Watermarks_AreAPartOfTheLimit(BackupProfile profile, long memory, long low, long high)
    {
        var plan = ResourcePlan.Create(new BackupOptions { Profile = profile }, Both, new NoCompressor(), FakeHost.Of(2, memory));

        Assert.Equal((low, high), (plan.LowWatermarkBytes, plan.HighWatermarkBytes));
    }

    [Theory]
    [InlineData(30_000_000, null, 30_000_000, 80_000_000)]
    [InlineData(90_000_000, null, 90_000_000, 90_000_000)]
    [InlineData(null, 50_000_000, 50_000_000, 50_000_000)]
    public void Create_OneWatermarkSet_KeepsTheirOrder(int? low, int? high, long lowBytes, long highBytes)
    {
        var options = new BackupOptions { LowWatermarkBytes = low, HighWatermarkBytes = high };

        var plan = ResourcePlan.Create(options, Both, new NoCompressor(), FakeHost.Of(2, 100_000_000));

        Assert.Equal((lowBytes, highBytes), (plan.LowWatermarkBytes, plan.HighWatermarkBytes));
    }

    [Fact]
    public void Explanations_AllAutomatic_GiveEveryValueAReason()
    {
        var plan = Plan(new BackupOptions(), 2, 128);

        Assert.Equal(
            [
                "profile", "connections", "compression workers", "transfers", "large objects in memory", "memory budget", "block", "page",
                "heap blocks of a page", "index in memory", "entries of a volume", "low watermark", "high watermark",
            ],
            plan.Explanations.Select(value => value.Name));
        Assert.Equal(
            new ExplainedValue("profile", "Constrained", "at most 512 MiB: 128 MiB of memory and 2 processors"), plan.Explanations[0]);
        Assert.Equal(new ExplainedValue("memory budget", "8 MiB", "Constrained profile: the most that it takes unasked; a quarter of 128 MiB is more"),
            plan.Explanations[5]);
        Assert.Equal("60 % of 128 MiB", plan.Explanations[11].Reason);
    }

    [Fact]
    public void Explanations_LittleMemory_SayWhatGaveWay()
    {
        var plan = Plan(new BackupOptions { Profile = BackupProfile.Default }, 4, 64);

        var connections = plan.Explanations.Single(value => value.Name == "connections");
        Assert.Contains("reduced from 4 to fit the memory budget", connections.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void WithConnections_FewerThanPlanned_SaysSo()
    {
        var plan = Plan(new BackupOptions(), 4, 4096).WithConnections(1);

        Assert.Equal(
            new ExplainedValue("connections", "1", "all that the server gave of 4"),
            plan.Explanations.Single(value => value.Name == "connections"));
    }

    private static ResourcePlan Plan(BackupOptions options, double processors, long memoryMiB) =>
        Plan(options, FakeHost.Of(processors, memoryMiB * MiB));

    private static ResourcePlan Plan(BackupOptions options, HostLimits host) =>
        ResourcePlan.Create(options, Both, new NoCompressor(), host);
}
