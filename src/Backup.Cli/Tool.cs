using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Backup.Cli.Commands;
using Backup.Cli.Output;

namespace Backup.Cli;

/// <summary>The command line as a whole: its commands, and what happens to a line that is not valid.</summary>
internal static class Tool
{
    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code; see <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Backs up a PostgreSQL database and the files of a Storage as of one instant into plain zip files, and restores them.")
        {
            new CreateCommand(),
            new ListCommand(),
            new ShowCommand(),
            new VerifyCommand(),
            new MergeCommand(),
            new RestoreCommand(),
            new DiagnoseCommand(),
            new CleanCommand(),
            new PruneCommand(),
            new WorkerCommand(),
        };
        var line = root.Parse(args);
        if (line.Action is ParseErrorAction)
        {
            var output = new CommandOutput(line.CommandResult.Command.Name, isJson: args.Contains(CommonOptions.JsonName));
            var message = string.Join(" ", line.Errors.Select(Describe));
            output.WriteError(ErrorReport.OfUsage(message, $"See '{HelpCall(line)}'."), ExitCode.Usage);
            return ExitCode.Usage;
        }

        using var cancellation = new TerminationSignals();
        try
        {
            return await line.InvokeAsync(
                new InvocationConfiguration
                {
                    // The signals are handled here, and errors become one line each in CommandRun.
                    ProcessTerminationTimeout = null,
                    EnableDefaultExceptionHandler = false,
                },
                cancellation.Token);
        }
        catch (IOException exception)
        {
            // Commands keep theirs: only the parser's own printing, of help and version, ends here.
            new CommandOutput(line.CommandResult.Command.Name, isJson: false).WriteError(
                ErrorReport.Of(new OutputException(exception)), ExitCode.Failed);
            return ExitCode.Failed;
        }
    }

    /// <summary>The parser's message, except that it does not say which argument is missing.</summary>
    private static string Describe(ParseError error) => error.SymbolResult is ArgumentResult { Tokens.Count: 0, Argument: var argument }
        ? $"{argument.Name} is missing: {argument.Description}"
        : error.Message;

    private static string HelpCall(ParseResult line) => line.CommandResult.Command is RootCommand
        ? "backup-core --help"
        : $"backup-core {line.CommandResult.Command.Name} --help";
}
