using Backup.Cli.Output;

namespace Backup.Core.IntegrationTests.Cli;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("00:09:00", 540)]
    [InlineData("1:00:00", 3600)]
    [InlineData("1.02:00:00", 93_600)]
    [InlineData("540s", 540)]
    [InlineData("9m", 540)]
    [InlineData("1.5h", 5400)]
    [InlineData("30d", 2_592_000)]
    [InlineData("2w", 1_209_600)]
    public void TryParse_ADuration_IsRead(string text, double seconds)
    {
        Assert.True(DurationText.TryParse(text, out var time));
        Assert.Equal(seconds, time.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("9")]
    [InlineData("9:00")]
    [InlineData("m")]
    [InlineData("-1s")]
    [InlineData("1y")]
    [InlineData("99999999999999999h")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(DurationText.TryParse(text, out _));
}
