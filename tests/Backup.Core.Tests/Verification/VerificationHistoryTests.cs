using Backup.Core.Verification;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Verification;

public sealed class VerificationHistoryTests
{
    private readonly VerificationHistory _history = new();

    [Fact]
    public void Find_NothingReported_IsNull() => Assert.Null(_history.Find("here"));

    [Theory]
    [InlineData(1, false)]
    [InlineData(-1, true)]
    public void Report_Second_CountsWhenItIsTheLater(int minutes, bool isIntact)
    {
        var first = new LastVerification(ArchiveBuilder.Id, true, DateTimeOffset.UnixEpoch);
        _history.Report("here", first);
        _history.Report("here", first with { IsIntact = false, EndedAt = first.EndedAt.AddMinutes(minutes) });

        Assert.Equal(isIntact, _history.Find("here")!.IsIntact);
        Assert.Null(_history.Find("there"));
    }
}
