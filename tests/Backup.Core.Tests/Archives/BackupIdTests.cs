using Backup.Core.Archives;

namespace Backup.Core.Tests.Archives;

public sealed class BackupIdTests
{
    [Theory]
    [InlineData("20261122T031500Z-0000", "20261122T031500Z-0001")]
    [InlineData("20261122T031500Z-7f3a", "20261122T031500Z-7f3b")]
    [InlineData("20261122T031500Z-00ff", "20261122T031500Z-0100")]
    [InlineData("20261231T235959Z-ffff", "20270101T000000Z-0000")]
    public void Next_AnyId_IsTheOneBehindIt(string id, string next)
    {
        Assert.Equal(new BackupId(next), new BackupId(id).Next());
        Assert.True(new BackupId(id) < new BackupId(id).Next());
        Assert.True(BackupId.TryParse(next, out _));
    }

    [Fact]
    public void Next_TextThatIsNoId_Throws() => Assert.Throws<FormatException>(() => new BackupId("yesterday").Next());
}
