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
    private const string OperationsPath = "docs/operations.md";

    private static readonly Comparison[] Comparisons =
    [
        new DatabaseBackups(), new PackingLevels(), new Concurrency(), new Growth(), new ManyTables(),
        new DatabaseRestores(), new FilePacking(), new FileTransfers(), new ObjectListings(), new SmallHosts(),
        new IncrementalBackups(), new Merges(), new Schemas(),
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
        Description = $"Keep the figures in {ResultsPath} and write them into {PagePath} and {OperationsPath}; run in the repository's root.",
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

        var report = new Command("report", $"Write the figures of {ResultsPath} into {PagePath} and {OperationsPath} again.");
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
            var chosen = Comparisons.Where(comparison => names.Length == 0 || names.Contains(comparison.Name));
            return await CompareAsync(workshop, chosen, line.GetValue(_write), cancellationToken) ? 0 : 1;
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

    // Whether every program did all its rounds; one that did not takes its rows out of the page, which must not go unnoticed.
    private static async Task<bool> CompareAsync(
        Workshop workshop, IEnumerable<Comparison> comparisons, bool write, CancellationToken cancellationToken)
    {
        var output = workshop.Options.Output;
        var leftOut = new List<string>();
        foreach (var comparison in comparisons)
        {
            var start = TimeProvider.System.GetTimestamp();
            await foreach (var result in comparison.RunAsync(workshop, cancellationToken))
            {
                output.WriteLine();
                output.WriteLine(ResultTable.Make(result));
                leftOut.AddRange(result.LeftOut.Select(contestant => $"{result.Comparison}, {result.Workload}: {contestant.Name}"));
                if (write)
                {
                    await new ResultsFolder(ResultsPath).WriteAsync(result, cancellationToken);
                    await ReportAsync(cancellationToken);
                }
            }

            output.WriteLine(FormattableString.Invariant(
                $"{comparison.Name} took {TimeProvider.System.GetElapsedTime(start).TotalMinutes:F1} minutes.\n"));
        }

        leftOut.ForEach(program => Console.Error.WriteLine($"Not measured: {program}."));
        return leftOut.Count == 0;
    }

    private static async Task<int> ReportAsync(CancellationToken cancellationToken)
    {
        var results = await new ResultsFolder(ResultsPath).ReadAsync(cancellationToken);
        foreach (var page in new[] { PagePath, OperationsPath })
        {
            await FiguresPage.UpdateAsync(page, results, cancellationToken);
        }

        return 0;
    }
}
