namespace Backup.TestKit.Tools;

/// <summary>What an external program left: its exit code and what it wrote.</summary>
public sealed record ToolResult(ToolCommand Command, int ExitCode, string Output, string Error)
{
    /// <summary>Fails with the program's own words unless it ended with code 0.</summary>
    public ToolResult EnsureSuccess() => ExitCode == 0
        ? this
        : throw new ToolException($"'{Command}' ended with code {ExitCode}.\n{Error}\n{Tail(Output)}");

    private static string Tail(string text) => text.Length <= 4000 ? text : "…" + text[^4000..];
}
