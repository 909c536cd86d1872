using Backup.TestKit.Tools;

namespace Backup.Core.IntegrationTests.Samples;

/// <summary>The sample that the README begins with, run as a reader runs it but with less data.</summary>
public sealed class QuickstartTests
{
    [Fact]
    public async Task Quickstart_FewMegabytes_BacksUpRestoresAndFindsBothEqual()
    {
        var result = await RunAsync("--megabytes", "3");

        Assert.True(result.ExitCode == 0, $"{result.Output}\n{result.Error}");
        Assert.Matches(@"Definitions are equal\s+yes", result.Output);
        Assert.Matches(@"Contents are equal\s+yes", result.Output);
        Assert.Matches(@"Books of one instant\s+yes", result.Output);
        Assert.Matches(@"Wednesday is back\s+yes", result.Output);
    }

    [Theory]
    [InlineData("--megabytes", "0")]
    [InlineData("--megabytes")]
    [InlineData("--fast")]
    public async Task Quickstart_WrongArguments_ExplainsAndEndsWithTwo(params string[] arguments)
    {
        var result = await RunAsync(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
    }

    private static Task<ToolResult> RunAsync(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Quickstart.dll");
        var command = new ToolCommand("dotnet", [program, .. arguments]) { TimeLimit = TimeSpan.FromMinutes(5) };
        return ExternalTool.RunAsync(command, CancellationToken.None);
    }
}
