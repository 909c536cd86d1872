using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Backup.Cli.Documents;
using Backup.Cli.Progress;
using Spectre.Console;

namespace Backup.Cli.Output;

/// <summary>
/// All that a command prints. Results go to stdout, progress, warnings and errors to stderr. With <c>--json</c> stdout gets one
/// document and nothing else. Safe for several threads.
/// </summary>
internal sealed class CommandOutput(string command, bool isJson)
{
    private readonly Lock _lock = new();
    private readonly List<string> _heldBack = [];
    private bool _isLive;
    private bool _isStdoutBroken;

    /// <summary>The command's name.</summary>
    public string Command => command;

    /// <summary>Whether a document is asked for.</summary>
    public bool IsJson => isJson;

    /// <summary>
    /// Writes the result of something that stands whether it can be printed or not: a stdout that takes nothing is a warning,
    /// which says what became of the run, and no failure.
    /// </summary>
    /// <param name="outcome">What became of the run, such as <c>backup … is complete</c>.</param>
    /// <param name="write">Writes to stdout.</param>
    public void WriteResult(string outcome, Action write)
    {
        try
        {
            write();
        }
        catch (OutputException exception)
        {
            WriteWarning($"{exception.Message}; {outcome}");
        }
    }

    /// <summary>Writes a line of the result; with <c>--json</c> nothing.</summary>
    /// <exception cref="OutputException">Stdout does not take it.</exception>
    public void WriteLine(string line = "")
    {
        if (!isJson)
        {
            WriteToStdout(() => Console.Out.WriteLine(line));
        }
    }

    /// <summary>Writes a line of the result behind a mark, which is coloured on a terminal; with <c>--json</c> nothing.</summary>
    /// <exception cref="OutputException">Stdout does not take it.</exception>
    public void WriteMarked(string mark, Tone tone, string line)
    {
        if (isJson)
        {
            return;
        }

        // Spectre asks the terminal what it can, and NO_COLOR whether it is wanted.
        WriteToStdout(() =>
        {
            Console.Out.Write("  ");
            if (Console.IsOutputRedirected)
            {
                Console.Out.Write(mark);
            }
            else
            {
                AnsiConsole.Console.Write(new Text(mark, new Style(ColourOf(tone))));
            }

            Console.Out.WriteLine($"  {line}");
        });
    }

    /// <summary>Writes a table of the result; with <c>--json</c> nothing.</summary>
    public void WriteTable(TextTable table)
    {
        foreach (var line in table.Lines())
        {
            WriteLine(line);
        }
    }

    /// <summary>Names an item that failed.</summary>
    public void WriteFailure(string subject, string reason, string? hint = null) =>
        WriteNote($"failed: {subject}: {reason}{(hint is null ? string.Empty : " " + hint)}");

    /// <summary>Tells of something that does not end the command.</summary>
    public void WriteWarning(string message) => WriteNote($"warning: {message}");

    /// <summary>Writes the document that <c>--json</c> asks for; without it nothing.</summary>
    /// <exception cref="OutputException">Stdout does not take it.</exception>
    public void WriteDocument<T>(T document, JsonTypeInfo<T> type)
    {
        if (!isJson)
        {
            return;
        }

        WriteToStdout(() =>
        {
            using var stdout = Console.OpenStandardOutput();
            JsonSerializer.Serialize(stdout, document, type);
            stdout.WriteByte((byte)'\n');
        });
    }

    /// <summary>Tells why the command ends here: a line on stderr, and with <c>--json</c> the document.</summary>
    public void WriteError(ErrorReport error, int exitCode)
    {
        WriteNote($"error: {error}");
        if (_isStdoutBroken)
        {
            return;
        }

        try
        {
            WriteDocument(DocumentOf(error, exitCode), DocumentFormat.Readable.ErrorDocument);
        }
        catch (OutputException)
        {
            // The line above has told it; there is nowhere else to say more.
        }
    }

    /// <summary>Begins to show progress: bars on a terminal, a line now and then elsewhere, nothing with <c>--json</c>.</summary>
    public ProgressDisplay StartProgress()
    {
        if (isJson)
        {
            return new NoProgress();
        }

        if (Console.IsErrorRedirected)
        {
            return new LineProgress(WriteNote, TimeProvider.System);
        }

        lock (_lock)
        {
            _isLive = true;
        }

        return new LiveProgress(
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), TimeProvider.System, EndLive);
    }

    private ErrorDocument DocumentOf(ErrorReport error, int exitCode) => new()
    {
        Command = command,
        ExitCode = exitCode,
        Status = exitCode switch
        {
            ExitCode.Cancelled => DocumentStatus.Cancelled,
            ExitCode.Usage => DocumentStatus.Usage,
            _ => DocumentStatus.Failed,
        },
        Error = new ErrorSection
        {
            Kind = error.Kind,
            Message = error.Message,
            Subject = error.Subject,
            Hint = error.Hint,
            SqlState = error.SqlState,
            Category = error.Category is { } category ? JsonNamingPolicy.CamelCase.ConvertName(category.ToString()) : null,
            Transient = error.IsTransient,
        },
    };

    private static Color ColourOf(Tone tone) => tone switch
    {
        Tone.Good => Color.Green,
        Tone.Doubtful => Color.Yellow,
        _ => Color.Red,
    };

    private void EndLive()
    {
        lock (_lock)
        {
            _isLive = false;
            foreach (var line in _heldBack)
            {
                WriteToStderr(line);
            }

            _heldBack.Clear();
        }
    }

    private void WriteNote(string line)
    {
        line = Words.Name(ErrorReport.OneLine(line));
        lock (_lock)
        {
            // A line between two frames of the live display would tear it.
            if (_isLive)
            {
                _heldBack.Add(line);
            }
            else
            {
                WriteToStderr(line);
            }
        }
    }

    private void WriteToStdout(Action write)
    {
        try
        {
            write();
        }
        catch (IOException exception)
        {
            _isStdoutBroken = true;
            throw new OutputException(exception);
        }
    }

    private static void WriteToStderr(string line)
    {
        try
        {
            Console.Error.WriteLine(line);
        }
        catch (IOException)
        {
            // A log that is full must not end a backup; there is nowhere left to say so.
        }
    }
}
