using System.CommandLine;
using System.Globalization;
using Backup.Core.Peers.Clients;
using Backup.Core.Peers.Comparisons;
using Backup.Core.Peers.Reports;
using Backup.Core.Peers.Results;
using Backup.TestKit.Tools;

namespace Backup.Core.Peers;

/// <summary>The command line: which comparisons, on how much data, how often.</summary>
internal sealed class PeersCommand : RootCommand
{
    private const int DefaultRounds = 5;
    private const string ResultsPath = "docs/benchmarks/results";
    private const string PagePath = "docs/benchmarks.md";

    private static readonly Comparison[] Comparisons =
    [
        new DatabaseBackups(), new PackingLevels(), new Concurrency(), new Growth(), new ManyTables(),
        new DatabaseRestores(), new FilePacking(), new FileTransfers(), new ObjectListings(),
    ];

    private readonly Argument<string[]> _names = new("COMPARISON")
    {
        Description = $"Which to run: {string.Join(", ", Comparisons.Select(comparison => comparison.Name))}. Default: all.",
        DefaultValueFactory = _ => [],
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _sizes = new("--size")
    {
        Description = "Size of the databases' rows in GB, such as 0.25. May be repeated. Default: each comparison's own.",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<int> _rounds = new("--rounds")
    {
        Description = "How often each program runs.",
        DefaultValueFactory = _ => DefaultRounds,
    };

    private readonly Option<string[]> _programs = new("--program")
    {
        Description = "Run only programs whose name contains this. May be repeated.",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _work = new("--work") { Description = "Folder for files and archives. Default: a temporary one." };

    private readonly Option<bool> _write = new("--write")
    {
        Description = $"Keep the figures in {ResultsPath} and write them into {PagePath}; run in the repository's root.",
    };

    public PeersCommand()
        : base("Measures backup-core against other programs, whole processes in turn, on the same data and machine.")
    {
        _names.AcceptOnlyFromAmong([.. Comparisons.Select(comparison => comparison.Name)]);
        Add(_names);
        foreach (var option in new Option[] { _sizes, _rounds, _programs, _work, _write })
        {
            Add(option);
        }

        var report = new Command("report", $"Write the figures of {ResultsPath} into {PagePath} again.");
        report.SetAction((_, cancellationToken) => ReportAsync(cancellationToken));
        Add(report);
        Add(new DownloadCommand());
        Add(new ListCommand());
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var names = line.GetRequiredValue(_names);
        var work = line.GetValue(_work) ?? Directory.CreateTempSubdirectory("backup-peers-").FullName;
        var options = new PeersOptions
        {
            Rounds = line.GetValue(_rounds),
            Sizes = [.. line.GetRequiredValue(_sizes).Select(size => (long)(double.Parse(size, CultureInfo.InvariantCulture) * 1e9))],
            Programs = line.GetRequiredValue(_programs),
            WorkFolder = Directory.CreateDirectory(work).FullName,
            Output = Console.Out,
        };
        try
        {
            await using var workshop = await Workshop.OpenAsync(options, cancellationToken);
            foreach (var comparison in Comparisons.Where(comparison => names.Length == 0 || names.Contains(comparison.Name)))
            {
                await foreach (var result in comparison.RunAsync(workshop, cancellationToken))
                {
                    options.Output.WriteLine();
                    options.Output.WriteLine(ResultTable.Make(result));
                    if (line.GetValue(_write))
                    {
                        await new ResultsFolder(ResultsPath).WriteAsync(result, cancellationToken);
                        await ReportAsync(cancellationToken);
                    }
                }
            }

            return 0;
        }
        catch (ToolException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        finally
        {
            if (line.GetValue(_work) is null)
            {
                Directory.Delete(work, recursive: true);
            }
        }
    }

    private static async Task<int> ReportAsync(CancellationToken cancellationToken)
    {
        var results = await new ResultsFolder(ResultsPath).ReadAsync(cancellationToken);
        await BenchmarksPage.UpdateAsync(PagePath, results, cancellationToken);
        return 0;
    }
}
