using Backup.Core.Pipeline;

namespace Backup.Core.Tests.Pipeline;

public sealed class FailureLimitTests
{
    [Fact]
    public void Default_IsTheDocumentedOne()
    {
        Assert.Equal(FailureLimit.FailFast, FailurePolicy.Default.Tables);
        Assert.Equal(FailureLimit.AtMost(1000), FailurePolicy.Default.Objects);
        Assert.Equal(100_000, FailureLimit.MaxNamed);
        Assert.Equal(FailurePolicy.Default, new BackupRequest().Failures);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void FailFast_FirstFailure_IsTooMany(int failures, bool isExceeded)
    {
        Assert.Equal(isExceeded, FailureLimit.FailFast.IsExceededBy(failures, 10));
        Assert.True(FailureLimit.FailFast.IsFailFast);
        Assert.Equal(FailureLimit.FailFast, FailureLimit.AtMost(0));
        Assert.Equal(FailureLimit.FailFast, FailureLimit.AtMostShare(0));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void AtMost_Count_IsCompared(int failures, bool isExceeded) =>
        Assert.Equal(isExceeded, FailureLimit.AtMost(3).IsExceededBy(failures, null));

    [Theory]
    [InlineData(2, 200L, false)]
    [InlineData(3, 200L, true)]
    [InlineData(99_999, null, false)]
    [InlineData(100_001, null, true)]
    public void AtMostShare_Total_IsComparedOnceItIsKnown(int failures, long? total, bool isExceeded) =>
        Assert.Equal(isExceeded, FailureLimit.AtMostShare(0.01).IsExceededBy(failures, total));

    [Theory]
    [InlineData(100_000, false)]
    [InlineData(100_001, true)]
    public void Continue_MoreThanCanBeNamed_IsTooMany(int failures, bool isExceeded) =>
        Assert.Equal(isExceeded, FailureLimit.Continue.IsExceededBy(failures, 1_000_000));

    [Fact]
    public void Factories_OutOfRange_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FailureLimit.AtMost(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FailureLimit.AtMost(100_001));
        Assert.Throws<ArgumentOutOfRangeException>(() => FailureLimit.AtMostShare(-0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FailureLimit.AtMostShare(1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FailureLimit.AtMostShare(double.NaN));
    }

    [Fact]
    public void ToString_EachLimit_IsForPeople() => Assert.Equal(
        ["none", "any number", "at most 10", "at most 1.5 %"],
        new[] { FailureLimit.FailFast, FailureLimit.Continue, FailureLimit.AtMost(10), FailureLimit.AtMostShare(0.015) }.Select(limit => limit.ToString()));
}
