using Backup.Core.Sinks;

namespace Backup.Core.Tests.Sinks;

public sealed class SinkObjectNameTests
{
    [Theory]
    [InlineData("20261122T031500Z-7f3a/volume-0001.zip")]
    [InlineData("a")]
    public void IsValid_SegmentsOfPlainCharacters_True(string name) => Assert.True(SinkObjectName.IsValid(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a/..")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    [InlineData("a\\b")]
    [InlineData("ä")]
    public void IsValid_AnythingElse_False(string? name) => Assert.False(SinkObjectName.IsValid(name));
}
