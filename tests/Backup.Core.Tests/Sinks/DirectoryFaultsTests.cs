using Backup.Core.Sinks;
using Backup.TestKit;

namespace Backup.Core.Tests.Sinks;

public sealed class DirectoryFaultsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(28, "is full", true)]
    [InlineData(122, "is full", true)]
    [InlineData(unchecked((int)0x80070070), "is full", true)]
    [InlineData(30, "read-only", false)]
    [InlineData(27, "larger than this file system allows", false)]
    public void Describe_KnownError_SaysWhatItIsAndWhatToDo(int error, string expected, bool isTransient)
    {
        var exception = new DirectoryFaults(_folder.Path).Describe("write", "id/name", new IOException("x", error));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, exception.Message, StringComparison.Ordinal);
        Assert.Equal("id/name", exception.Subject);
        Assert.Equal(isTransient, exception.IsTransient);
        Assert.NotNull(exception.Hint);
    }

    [Fact]
    public void Describe_MissingRights_SaysWhoNeedsThem()
    {
        var exception = new DirectoryFaults(_folder.Path).Describe("create", "id/name", new UnauthorizedAccessException());

        Assert.Contains("no right", exception.Message, StringComparison.Ordinal);
        Assert.Contains(Environment.UserName, exception.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_FolderThatCannotBeMade_IsNoObjectThatWasNotFound()
    {
        var exception = new DirectoryFaults(_folder.Path).Describe("create", "id/name", new DirectoryNotFoundException());

        Assert.Contains("cannot be made", exception.Message, StringComparison.Ordinal);
        Assert.False(exception.IsNotFound);
        Assert.NotNull(exception.Hint);
    }

    [Fact]
    public void Describe_AnythingElse_KeepsTheCause()
    {
        var cause = new IOException("the cable is out");
        var exception = new DirectoryFaults(_folder.Path).Describe("read", "id/name", cause);

        Assert.Contains("the cable is out", exception.Message, StringComparison.Ordinal);
        Assert.Same(cause, exception.InnerException);
    }

    [Fact]
    public void ThrowIfFull_MoreNeededThanAnyDiskHas_Throws() =>
        Assert.Throws<Backup.Core.Errors.SinkException>(
            () => new DirectoryFaults(_folder.Path).ThrowIfFull("id/name", long.MaxValue));

    [Fact]
    public void ThrowIfFull_OneByteNeeded_Passes() => new DirectoryFaults(_folder.Path).ThrowIfFull("id/name", 1);
}
