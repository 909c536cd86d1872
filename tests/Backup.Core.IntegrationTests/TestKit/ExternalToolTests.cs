using Backup.TestKit.Tools;

namespace Backup.Core.IntegrationTests.TestKit;

public sealed class ExternalToolTests
{
    [Theory]
    [InlineData("unzip")]
    [InlineData("7z")]
    [InlineData("bsdtar")]
    [InlineData("psql")]
    [InlineData("pg_dump")]
    [InlineData("pgbouncer")]
    public async Task FindAsync_ToolOfTheTests_IsThere(string name) => Assert.True(File.Exists(await ExternalTool.FindAsync(name)));

    [Fact]
    public async Task FindAsync_UnknownTool_FailsNamingIt()
    {
        var failure = await Assert.ThrowsAsync<ToolException>(() => ExternalTool.FindAsync("no-such-tool"));
        Assert.Contains("'no-such-tool'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_InputAndExitCode_AreHandedOn()
    {
        var result = await ExternalTool.RunAsync(
            new ToolCommand("sh", "-c", "cat; echo oops >&2; exit 3") { StandardInput = "süß" }, CancellationToken.None);

        Assert.Equal((3, "süß", "oops\n"), (result.ExitCode, result.Output, result.Error));
        Assert.Throws<ToolException>(result.EnsureSuccess);
    }
}
