using Backup.Core.Pipeline.Stages.Objects;

namespace Backup.Core.Tests.Pipeline.Stages.Objects;

public sealed class MediaTypesTests
{
    [Theory]
    [InlineData("image/jpeg", "a", true)]
    [InlineData("IMAGE/PNG; q=1", "a", true)]
    [InlineData("video/anything", "a.txt", true)]
    [InlineData("application/zip", "a", true)]
    [InlineData("image/svg+xml", "a.png", false)]
    [InlineData("audio/wav", "a.mp3", false)]
    [InlineData("application/pdf", "a.pdf", false)]
    [InlineData("text/plain", "a.jpg", false)]
    [InlineData(null, "folder/a.JPG", true)]
    [InlineData("", "a.tar.gz", true)]
    [InlineData("application/octet-stream", "a.mp4", true)]
    [InlineData("application/octet-stream", "folder.zip/a", false)]
    [InlineData(null, "zip", false)]
    public void IsPacked_TypeAndName_TypeDecidesUnlessItSaysNothing(string? contentType, string name, bool isPacked) =>
        Assert.Equal(isPacked, MediaTypes.IsPacked(contentType, name));
}
