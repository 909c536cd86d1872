using Backup.Core.Hosting.Probes;

namespace Backup.Core.Tests.Hosting.Probes;

public sealed class MemoryFileSystemsTests
{
    private const string Mounts =
        "1 0 0:1 / / rw - overlay none rw\n2 1 0:2 / /mnt/my\\040bucket rw - fuse bucket rw\n3 1 0:3 / /mnt rw - ext4 /dev/x rw\n";

    [Fact]
    public void Holds_OnTmpfs_SaysSo()
    {
        var host = new FakeHost { InMemory = { "/dev/shm" } };

        Assert.True(Of(host).Holds("/dev/shm"));
        Assert.False(Of(host).Holds("/var"));
    }

    [Theory]
    [InlineData("/tmp", true)]
    [InlineData("/mnt/my bucket/backups", false)]
    [InlineData("/mnt/disk", false)]
    [InlineData("/mntx", true)]
    public void Holds_OnCloudRun_AllButWhatIsMounted(string path, bool isInMemory)
    {
        var host = new FakeHost { Variables = { ["K_SERVICE"] = "backup" }, Files = { ["/proc/self/mountinfo"] = Mounts } };

        Assert.Equal(isInMemory, Of(host).Holds(path));
    }

    [Fact]
    public void Hold_OnThisHost_TellsSharedMemoryFromDisk()
    {
        if (OperatingSystem.IsLinux() && Directory.Exists("/dev/shm"))
        {
            Assert.True(MemoryFileSystems.Hold("/dev/shm/not/there/yet"));
        }

        Assert.False(MemoryFileSystems.Hold(AppContext.BaseDirectory));
    }

    private static MemoryFileSystems Of(FakeHost host) => new(host, PlatformTable.Detect(host, null));
}
