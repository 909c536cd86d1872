using System.Diagnostics;
using System.Globalization;
using Backup.Core.Hosting;

namespace Backup.Core.Tests.Hosting;

public sealed class ProcessIdentityTests
{
    [Fact]
    public void HasEnded_ThisProcess_IsFalse() => Assert.False(ProcessIdentity.HasEnded(ProcessIdentity.Current));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("00000000-0000-0000-0000-000000000000/pid:[1]/1/1")]
    public void HasEnded_NobodyHereCanKnow_IsFalse(string? identity) => Assert.False(ProcessIdentity.HasEnded(identity));

    [Fact]
    public async Task HasEnded_ProcessThatIsGone_IsTrue()
    {
        if (ProcessIdentity.Current?.Split('/') is not [var boot, var space, _, _])
        {
            Assert.False(OperatingSystem.IsLinux());
            return;
        }

        using var process = Process.Start("true");
        await process.WaitForExitAsync();

        Assert.True(ProcessIdentity.HasEnded(string.Create(CultureInfo.InvariantCulture, $"{boot}/{space}/{process.Id}/1")));
        Assert.False(ProcessIdentity.HasEnded($"{boot}/another/{process.Id}/1"));
        Assert.False(ProcessIdentity.HasEnded($"{boot}/{space}/-1/1"));
    }
}
