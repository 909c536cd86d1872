using Backup.Core.Hosting;
using Backup.Core.Tests.Hosting.Probes;

namespace Backup.Core.Tests.Hosting;

public sealed class HostLimitsTests
{
    private const long MiB = FakeHost.MiB;

    [Fact]
    public void Detect_PlainMachine_TakesAllThereIs()
    {
        var limits = new FakeHost().Detect();

        Assert.Equal(HostPlatform.Machine, limits.Platform.Value);
        Assert.Equal(4, limits.Processors.Value);
        Assert.Equal(16_384 * MiB, limits.MemoryBytes.Value);
        Assert.False(limits.IsMemoryLimited);
        Assert.Equal("/tmp", limits.TempFolder?.Value.Path);
        Assert.Null(limits.TimeLimit);
    }

    [Fact]
    public void Detect_ThisHost_FindsPlausibleValues()
    {
        var limits = HostLimits.Detect();

        Assert.InRange(limits.Processors.Value, 0.01, 4096);
        Assert.InRange(limits.MemoryBytes.Value, HostOverrides.MinMemoryBytes, long.MaxValue);
        Assert.NotNull(limits.TempFolder);
    }

    [Fact]
    public void Detect_LambdaWithItsOwnMemory_NamesTheVariable()
    {
        var host = new FakeHost { Heap = 2048 * MiB };
        host.Variables["AWS_LAMBDA_FUNCTION_NAME"] = "backup";
        host.Variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = "512";

        var limits = host.Detect();

        Assert.Equal((512 * MiB, true), (limits.MemoryBytes.Value, limits.IsMemoryLimited));
        Assert.Equal("environment variable AWS_LAMBDA_FUNCTION_MEMORY_SIZE", limits.MemoryBytes.Source);
        Assert.Equal(TimeSpan.FromMinutes(15), limits.TimeLimit?.Value);
    }

    [Fact]
    public void Detect_GroupBelowThePlatformsMemory_TakesTheLess()
    {
        var host = new FakeHost { Heap = 96 * MiB }.WithUnifiedGroups("/app");
        host.Variables["FLY_APP_NAME"] = "backup";
        host.Variables["FLY_VM_MEMORY_MB"] = "256";
        host.Files["/sys/fs/cgroup/app/memory.max"] = $"{128 * MiB}\n";

        var limits = host.Detect();

        Assert.Equal(128 * MiB, limits.MemoryBytes.Value);
        Assert.Equal("cgroup v2, /sys/fs/cgroup/app/memory.max", limits.MemoryBytes.Source);
        Assert.Equal(96 * MiB, limits.HeapBytes.Value);
        Assert.Equal(128 * MiB, limits.MemoryToChooseBy);
    }

    [Fact]
    public void Detect_HeapHardLimitBelowTheGroups_KeepsBoth()
    {
        var host = new FakeHost { Heap = 64 * MiB }.WithUnifiedGroups("/");
        host.Variables["DOTNET_GCHeapHardLimit"] = "4000000";
        host.Files["/sys/fs/cgroup/memory.max"] = $"{512 * MiB}";

        var limits = host.Detect();

        Assert.Equal(512 * MiB, limits.MemoryBytes.Value);
        Assert.Equal(new HostValue<long>(64 * MiB, "garbage collector, environment variable DOTNET_GCHeapHardLimit"), limits.HeapBytes);
        Assert.Equal(64 * MiB, limits.MemoryToChooseBy);
    }

    [Theory]
    [InlineData("MemTotal:         262144 kB\nMemFree: 5 kB\n", 256)]
    [InlineData("MemTotal: some\n", 64)]
    [InlineData("", 64)]
    public void Detect_NoLimit_IsTheMemoryOfTheMachine(string text, long memoryMiB)
    {
        var limits = new FakeHost { Heap = 64 * MiB, Files = { ["/proc/meminfo"] = text } }.Detect();

        Assert.Equal((memoryMiB * MiB, false), (limits.MemoryBytes.Value, limits.IsMemoryLimited));
    }

    [Fact]
    public void Detect_GroupAboveTheMachine_IsNoLimit()
    {
        var host = new FakeHost { Files = { ["/proc/meminfo"] = "MemTotal: 1024 kB\n" } }.WithUnifiedGroups("/");
        host.Files["/sys/fs/cgroup/memory.max"] = $"{512 * MiB}";

        Assert.Equal(new HostValue<long>(MiB, "memory of the machine, /proc/meminfo"), host.Detect().MemoryBytes);
    }

    [Fact]
    public void Detect_RendersProcessors_AreAFraction()
    {
        var host = new FakeHost { ProcessorCount = 8 };
        host.Variables["RENDER"] = "true";
        host.Variables["RENDER_CPU_COUNT"] = "0.5";

        Assert.Equal(new HostValue<double>(0.5, "environment variable RENDER_CPU_COUNT"), host.Detect().Processors);
    }

    [Fact]
    public void Detect_EverythingOverridden_DetectsNothing()
    {
        var host = new FakeHost().WithUnifiedGroups("/");
        host.Files["/sys/fs/cgroup/memory.max"] = $"{128 * MiB}";
        host.Files["/sys/fs/cgroup/cpu.max"] = "50000 100000";
        host.Writable["/data"] = 5;

        var limits = host.Detect(new HostOverrides
        {
            Platform = HostPlatform.Railway,
            Processors = 3,
            MemoryBytes = 300 * MiB,
            HeapBytes = 200 * MiB,
            TempFolder = "/data",
            TimeLimit = TimeSpan.FromMinutes(3),
        });

        Assert.Equal(new HostValue<HostPlatform>(HostPlatform.Railway, "set"), limits.Platform);
        Assert.Equal(new HostValue<double>(3, "set"), limits.Processors);
        Assert.Equal(new HostValue<long>(300 * MiB, "set"), limits.MemoryBytes);
        Assert.Equal(new HostValue<long>(200 * MiB, "set"), limits.HeapBytes);
        Assert.Equal(new HostValue<TempFolder>(new TempFolder("/data", 5, false), "set"), limits.TempFolder);
        Assert.Equal(new HostValue<TimeSpan>(TimeSpan.FromMinutes(3), "set"), limits.TimeLimit);
    }

    [Fact]
    public void Detect_ImpossibleOverride_Throws() => Assert.Contains(
        "Processors is 0",
        Assert.Throws<ArgumentException>(() => HostLimits.Detect(new HostOverrides { Processors = 0 })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Detect_NoFolderCanBeWritten_HasNone()
    {
        var host = new FakeHost();
        host.Writable.Clear();

        Assert.Null(host.Detect().TempFolder);
    }

    [Fact]
    public void Explain_AnyHost_GivesEveryValueItsSource()
    {
        var explained = new FakeHost().Detect().Explain();

        Assert.Equal(
            ["platform", "processors", "memory", "heap", "temporary folder", "time limit"], explained.Select(value => value.Name));
        Assert.All(explained, value => Assert.NotEmpty(value.Reason));
        Assert.Equal("/tmp, 100 MiB free", explained[4].Value);
    }
}
