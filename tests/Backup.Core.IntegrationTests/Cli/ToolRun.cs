using System.Text.Json;

namespace Backup.Core.IntegrationTests.Cli;

/// <summary>What one run of the tool left.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of stderr.</summary>
    public IReadOnlyList<string> ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Stdout, which must be one JSON document and nothing else.</summary>
    public JsonElement Document => JsonDocument.Parse(Output).RootElement;

    /// <summary>Asserts that all went well.</summary>
    public ToolRun EnsureComplete()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Error}\n{Output}");
        return this;
    }

    /// <summary>Asserts that the run ended in one line that says all of the given, without a stack trace.</summary>
    public void AssertFailed(int exitCode, params string[] expected)
    {
        var line = Assert.Single(ErrorLines, text => text.StartsWith("error: ", StringComparison.Ordinal));
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode} instead of {exitCode}: {line}");
        Assert.All(expected, text => Assert.Contains(text, line, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Error, StringComparison.Ordinal);
    }
}
