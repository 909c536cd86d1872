using Backup.Core.Errors;
using Backup.Core.Hosting;
using Backup.Core.Tests.Hosting.Probes;

namespace Backup.Core.Tests.Hosting;

public sealed class TempFolderTests
{
    private const long MiB = FakeHost.MiB;

    [Fact]
    public void Choose_ConfiguredCanBeWritten_TakesIt()
    {
        var host = new FakeHost { Writable = { ["/data"] = MiB } };

        Assert.Equal(new TempFolder("/data", MiB, IsInMemory: false), TempFolder.Choose("/data/", 0, host));
    }

    [Fact]
    public void Choose_ConfiguredCannotBeWritten_TakesThePlatforms()
    {
        var host = new FakeHost { Writable = { ["/runner"] = MiB }, Variables = { ["GITHUB_ACTIONS"] = "true", ["RUNNER_TEMP"] = "/runner" } };

        Assert.Equal("/runner", TempFolder.Choose("/readonly", 0, host).Path);
        Assert.Contains("'/readonly' (set): Read-only", host.Detect(new() { TempFolder = "/readonly" }).TempFolder?.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_TooLittleSpace_TakesTheNext()
    {
        var host = new FakeHost { Writable = { ["/data"] = MiB } };

        Assert.Equal("/tmp", TempFolder.Choose("/data", 2 * MiB, host).Path);
    }

    [Fact]
    public void Choose_SpaceUnknown_TakesIt()
    {
        var host = new FakeHost { Writable = { ["/data"] = null } };

        Assert.Equal("/data", TempFolder.Choose("/data", 2 * MiB, host).Path);
    }

    [Fact]
    public void Choose_NoneWorks_SaysWhatWasTriedAndAdvises()
    {
        var exception = Assert.Throws<HostException>(() => TempFolder.Choose("/readonly", 200 * MiB, new FakeHost()));

        Assert.Contains("200 MiB", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'/readonly' (set): Read-only file system", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'/tmp'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("100 MiB are free", exception.Message, StringComparison.Ordinal);
        Assert.NotNull(exception.Hint);
    }

    [Fact]
    public void Choose_OnThisHost_LeavesNothingBehind()
    {
        var folder = Path.Join(Path.GetTempPath(), $"backup-core-{Guid.NewGuid():n}");
        try
        {
            Assert.Equal(folder, TempFolder.Choose(folder).Path);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder);
        }
    }
}
