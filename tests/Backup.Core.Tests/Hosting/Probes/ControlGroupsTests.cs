using Backup.Core.Hosting;
using Backup.Core.Hosting.Probes;

namespace Backup.Core.Tests.Hosting.Probes;

public sealed class ControlGroupsTests
{
    private const string VersionOneMounts =
        "22 1 0:1 / / rw - ext4 /dev/vda rw\n"
        + "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 master:3 - cgroup cgroup rw,cpu,cpuacct\n"
        + "35 31 0:32 {0} /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n";

    [Fact]
    public void FindMemoryLimit_OfVersionTwo_IsTheLeastUpToTheRoot()
    {
        var host = new FakeHost().WithUnifiedGroups("/a/b/c");
        host.Files["/sys/fs/cgroup/a/b/c/memory.max"] = "max\n";
        host.Files["/sys/fs/cgroup/a/b/memory.max"] = "300\n";
        host.Files["/sys/fs/cgroup/a/memory.max"] = "200\n";
        host.Files["/sys/fs/cgroup/memory.max"] = "400\n";

        Assert.Equal(new HostValue<long>(200, "cgroup v2, /sys/fs/cgroup/a/memory.max"), ControlGroups.Read(host).FindMemoryLimit());
    }

    [Theory]
    [InlineData("/docker/1", "/docker/1", "/sys/fs/cgroup/memory/memory.limit_in_bytes")]
    [InlineData("/docker/1", "/docker/1/sub", "/sys/fs/cgroup/memory/sub/memory.limit_in_bytes")]
    [InlineData("/docker/1", "/elsewhere", "/sys/fs/cgroup/memory/memory.limit_in_bytes")]
    [InlineData("/", "/../..", "/sys/fs/cgroup/memory/memory.limit_in_bytes")]
    [InlineData("/", "/a", "/sys/fs/cgroup/memory/a/memory.limit_in_bytes")]
    public void FindMemoryLimit_OfVersionOne_StartsWhereTheProcessIs(string root, string path, string file)
    {
        var host = new FakeHost();
        host.Files["/proc/self/cgroup"] = $"9:name=systemd:/x\n4:memory:{path}\n1:cpu,cpuacct:/\n";
        host.Files["/proc/self/mountinfo"] = VersionOneMounts.Replace("{0}", root, StringComparison.Ordinal);
        host.Files[file] = "123456\n";

        Assert.Equal(new HostValue<long>(123_456, $"cgroup v1, {file}"), ControlGroups.Read(host).FindMemoryLimit());
    }

    [Theory]
    [InlineData("9223372036854771712")]
    [InlineData("max")]
    [InlineData("0")]
    [InlineData("")]
    [InlineData("12 apples")]
    [InlineData("-5")]
    public void FindMemoryLimit_NoLimitOrNoNumber_IsNone(string text)
    {
        var host = new FakeHost().WithUnifiedGroups("/");
        host.Files["/sys/fs/cgroup/memory.max"] = text;

        Assert.Null(ControlGroups.Read(host).FindMemoryLimit());
    }

    [Theory]
    [InlineData("50000 100000", 0.5)]
    [InlineData("250000 100000\n", 2.5)]
    public void FindProcessorLimit_OfVersionTwo_IsTheQuotaOfThePeriod(string text, double processors)
    {
        var host = new FakeHost().WithUnifiedGroups("/a");
        host.Files["/sys/fs/cgroup/a/cpu.max"] = text;

        Assert.Equal(processors, ControlGroups.Read(host).FindProcessorLimit()?.Value);
    }

    [Theory]
    [InlineData("max 100000")]
    [InlineData("100000")]
    [InlineData("0 0")]
    public void FindProcessorLimit_NoQuota_IsNone(string text)
    {
        var host = new FakeHost().WithUnifiedGroups("/a");
        host.Files["/sys/fs/cgroup/a/cpu.max"] = text;

        Assert.Null(ControlGroups.Read(host).FindProcessorLimit());
    }

    [Theory]
    [InlineData("20000", 0.2)]
    [InlineData("-1", null)]
    public void FindProcessorLimit_OfVersionOne_IsTheQuotaOfThePeriod(string quota, double? processors)
    {
        var host = new FakeHost();
        host.Files["/proc/self/cgroup"] = "1:cpu,cpuacct:/app\n";
        host.Files["/proc/self/mountinfo"] = VersionOneMounts.Replace("{0}", "/", StringComparison.Ordinal);
        host.Files["/sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_quota_us"] = quota + "\n";
        host.Files["/sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_period_us"] = "100000\n";

        Assert.Equal(processors, ControlGroups.Read(host).FindProcessorLimit()?.Value);
    }

    [Fact]
    public void Read_NoFilesAtAll_FindsNothing()
    {
        var groups = ControlGroups.Read(new FakeHost());

        Assert.Null(groups.FindMemoryLimit());
        Assert.Null(groups.FindProcessorLimit());
    }
}
