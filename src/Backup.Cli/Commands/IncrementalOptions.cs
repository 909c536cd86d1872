using System.CommandLine;
using System.CommandLine.Parsing;
using Backup.Core.Archives;
using Backup.Core.Catalog;
using Backup.Core.Pipeline;

namespace Backup.Cli.Commands;

/// <summary>The options of <c>create</c> that build a backup on another one.</summary>
internal sealed class IncrementalOptions
{
    private const int MostChain = 100;

    private readonly Option<bool> _incremental = new("--incremental")
    {
        Description = "Store only what has changed since the parent, and reference the rest. Without a backup to build on a full one is made, and it is said why.",
    };

    private readonly Option<string?> _parent = new("--parent")
    {
        Description = "The backup to build on. Default: latest, which is the latest complete one of the same source that is intact.",
        HelpName = "ID|latest",
    };

    private readonly Option<int?> _maxChain = new("--max-chain")
    {
        Description = $"How many incremental backups may follow a full one before the next is full again. Default: {BackupOptions.DefaultMaxChain}.",
        HelpName = "N",
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, out var length) && length is >= 1 and <= MostChain)
            {
                return length;
            }

            result.AddError($"'{result.Tokens[0].Value}' is no length for --max-chain: give a number from 1 to {MostChain}.");
            return null;
        },
    };

    private readonly Option<bool> _trustStatistics = new("--trust-statistics")
    {
        Description = "Do not read tables of which the server's statistics say that nothing was written since the parent; a full backup notes them for the next one. See docs/operations.md for the risk.",
    };

    private readonly Option<bool> _preview = new("--preview")
    {
        Description = "Only say what would be stored, reused and dropped, by table and bucket. Nothing is written.",
    };

    /// <summary>Adds the options to a command, and the rules that join them.</summary>
    /// <param name="command">The command.</param>
    /// <param name="suspend">Its options about suspending, none of which a preview takes.</param>
    public void AddTo(Command command, SuspendOptions suspend)
    {
        foreach (var option in new Option[] { _incremental, _parent, _maxChain, _trustStatistics, _preview })
        {
            command.Add(option);
        }

        _parent.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !IsLatest(text) && !BackupId.TryParse(text, out _))
            {
                result.AddError($"'{text}' is no backup's id for --parent: write it as list prints it, or {BackupCatalog.Latest}.");
            }
        });
        command.Validators.Add(result =>
        {
            if (!result.GetValue(_incremental) && Given(result) is { } option)
            {
                result.AddError($"{option} is for incremental backups: give --incremental.");
            }

            if (result.GetValue(_preview) && suspend.IsAnyGiven(result))
            {
                result.AddError("--preview makes nothing that could be resumed: leave --time-budget, --resume and --resumable out.");
            }
        });
    }

    /// <summary>Whether the backup is to be incremental.</summary>
    public bool IsGiven(CommandResult line) => line.GetValue(_incremental);

    /// <summary>Refuses the option that is about a database, where none is given.</summary>
    /// <exception cref="UsageException">It is given.</exception>
    public void RefuseWithoutDatabase(ParseResult line) => CommonOptions.RefuseWithoutDatabase(line, _trustStatistics);

    /// <summary>Whether only a preview is asked for.</summary>
    public bool IsPreview(ParseResult line) => line.GetValue(_preview);

    /// <summary>The request with what the options say.</summary>
    public BackupRequest Apply(BackupRequest request, ParseResult line) => request with
    {
        Incremental = line.GetValue(_incremental),
        Parent = line.GetValue(_parent) is { } text && BackupId.TryParse(text, out var id) ? id : null,
        TrustStatistics = line.GetValue(_trustStatistics),
    };

    /// <summary>Sets what the options say.</summary>
    public void Configure(BackupOptions options, ParseResult line) => options.MaxChain = line.GetValue(_maxChain) ?? BackupOptions.DefaultMaxChain;

    private string? Given(CommandResult line) =>
        new Option[] { _parent, _maxChain, _preview }.FirstOrDefault(option => line.GetResult(option) is { Implicit: false })?.Name;

    private static bool IsLatest(string text) => string.Equals(text, BackupCatalog.Latest, StringComparison.OrdinalIgnoreCase);
}
