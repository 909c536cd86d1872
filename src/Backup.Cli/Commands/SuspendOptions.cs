using System.CommandLine;
using System.CommandLine.Parsing;
using Backup.Cli.Output;
using Backup.Core.Archives;
using Backup.Core.Pipeline;

namespace Backup.Cli.Commands;

/// <summary>The options of <c>create</c> that suspend a run and resume it.</summary>
internal sealed class SuspendOptions
{
    private static readonly TimeSpan MinTimeBudget = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxTimeBudget = TimeSpan.FromDays(24);

    private readonly Option<TimeSpan?> _timeBudget = new("--time-budget")
    {
        Description = "How long the run may take. It stops in time before that, keeps what it has, and ends with exit code 4; --resume goes on.",
        HelpName = "00:09:00",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (DurationText.TryParse(text, out var time) && time >= MinTimeBudget && time <= MaxTimeBudget)
            {
                return time;
            }

            result.AddError($"'{text}' is no time for --time-budget: write it like 00:09:00, 540s, 9m or 2h, from a second to 24 days.");
            return null;
        },
    };

    private readonly Option<BackupId?> _resume = new("--resume")
    {
        Description = "The id of a run to go on with: one that was suspended, or that failed, was cancelled or killed and was resumable.",
        HelpName = "ID",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (BackupId.TryParse(text, out var id))
            {
                return id;
            }

            result.AddError($"'{text}' is no run's id for --resume: write it as create printed it.");
            return null;
        },
    };

    private readonly Option<bool> _resumable = new("--resumable")
    {
        Description = "Keep what is needed to resume the run should it fail or be killed. Goes without saying with --time-budget and --resume.",
    };

    private readonly Option<bool> _allowMixedTables = new("--allow-mixed-tables")
    {
        Description = "Let a resumed run go on in the middle of a table, whose rows are then of several instants. Otherwise it is read again.",
    };

    /// <summary>Adds the options to a command, and the rule that joins them.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _timeBudget, _resume, _resumable, _allowMixedTables })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(_allowMixedTables) && !result.GetValue(_resumable)
                && result.GetResult(_timeBudget) is null && result.GetResult(_resume) is null)
            {
                result.AddError("--allow-mixed-tables is for runs that can be resumed: give --time-budget, --resume or --resumable.");
            }
        });
    }

    /// <summary>Whether any of the options is given.</summary>
    public bool IsAnyGiven(CommandResult line) =>
        new Option[] { _timeBudget, _resume, _resumable, _allowMixedTables }.Any(option => line.GetResult(option) is { Implicit: false });

    /// <summary>The request with what the options say.</summary>
    public BackupRequest Apply(BackupRequest request, ParseResult line) => request with
    {
        TimeBudget = line.GetValue(_timeBudget),
        Resume = line.GetValue(_resume),
        Resumable = line.GetValue(_resumable) ? true : null,
        AllowMixedTables = line.GetValue(_allowMixedTables),
    };

    /// <summary>The command line that goes on with a run: this one, with <c>--resume</c>.</summary>
    /// <param name="line">This one.</param>
    /// <param name="id">The run.</param>
    /// <returns>The line without what may hold a secret: there it has <c>CONN</c> and <c>KEY</c>.</returns>
    public string ResumeLine(ParseResult line, BackupId id)
    {
        var words = new List<string> { "backup-core", line.CommandResult.Command.Name, _resume.Name, id.Value };
        foreach (var given in line.CommandResult.Children.OfType<OptionResult>())
        {
            if (given.Implicit || given.Option == _resume)
            {
                continue;
            }

            words.Add(given.Option.Name);
            words.AddRange(given.Option.HelpName is "CONN" or "KEY" && given.Tokens is [{ Value.Length: > 0 }]
                ? [given.Option.HelpName]
                : given.Tokens.Select(token => Quote(token.Value)));
        }

        return string.Join(' ', words);
    }

    // As a POSIX shell takes it; nothing has to be quoted in most lines.
    private static string Quote(string word) =>
        word.Length > 0 && word.All(character => char.IsAsciiLetterOrDigit(character) || "-_./:=@%+,".Contains(character, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
