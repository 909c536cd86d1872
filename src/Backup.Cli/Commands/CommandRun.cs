using System.CommandLine;
using Backup.Cli.Output;

namespace Backup.Cli.Commands;

/// <summary>The frame around every command: makes its output, and turns whatever ends it early into one line and an exit code.</summary>
internal static class CommandRun
{
    /// <summary>Makes a command's action.</summary>
    /// <param name="command">The command.</param>
    /// <param name="json">Its <c>--json</c>.</param>
    /// <param name="run">The work; returns the exit code.</param>
    public static void Set(
        Command command, Option<bool> json, Func<ParseResult, CommandOutput, CancellationToken, Task<int>> run) =>
        command.SetAction(async (line, cancellationToken) =>
        {
            var output = new CommandOutput(command.Name, line.GetValue(json));
            try
            {
                return await run(line, output, cancellationToken);
            }
            catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
            {
                output.WriteError(ErrorReport.OfCancellation(command.Name, exception.Message), ExitCode.Cancelled);
                return ExitCode.Cancelled;
            }
            catch (Exception exception)
            {
                var report = ErrorReport.Of(exception);
                output.WriteError(report, report.ExitCode);
                return report.ExitCode;
            }
        });
}
