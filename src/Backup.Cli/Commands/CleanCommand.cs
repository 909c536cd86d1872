using System.CommandLine;
using Backup.Cli.Documents;
using Backup.Cli.Output;
using Backup.Core.Catalog;

namespace Backup.Cli.Commands;

/// <summary><c>clean</c>: removes what runs left that nobody will go on with. Finished backups and running ones are not touched.</summary>
internal sealed class CleanCommand : Command
{
    private readonly Option<string> _from = CommonOptions.Location("--from");
    private readonly Option<bool> _all = new("--all") { Description = "Also remove runs that could be taken up again, whatever their age." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only say what would be removed." };

    public CleanCommand()
        : base("clean", "Remove what crashed and long suspended runs left.")
    {
        var json = CommonOptions.Json();
        Add(_from);
        Add(_all);
        Add(_dryRun);
        Add(json);
        CommandRun.Set(this, json, RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CommandOutput output, CancellationToken cancellationToken)
    {
        var sink = SinkLocation.OpenForReading(line.GetRequiredValue(_from));
        var options = new CleanUpOptions
        {
            KeepSuspendedFor = line.GetValue(_all) ? TimeSpan.Zero : CleanUpOptions.DefaultKeepSuspendedFor,
            DryRun = line.GetValue(_dryRun),
        };
        var report = await new AbandonedRuns(sink).RemoveAsync(options, cancellationToken);
        var exitCode = report.Failures.Count == 0 ? ExitCode.Complete : ExitCode.CompletedWithFailures;
        output.WriteResult(Summary(report, options.DryRun), () =>
        {
            output.WriteDocument(
                CleanDocument.Of(report, sink.Capabilities.Location, options.DryRun, exitCode), DocumentFormat.Readable.CleanDocument);
            Write(report, options.DryRun, output);
        });
        foreach (var failure in report.Failures)
        {
            output.WriteFailure(failure.Subject ?? sink.Capabilities.Location, failure.Message, failure.Hint);
        }

        return exitCode;
    }

    private static void Write(CleanUpReport report, bool isDryRun, CommandOutput output)
    {
        foreach (var run in report.Removed)
        {
            output.WriteLine($"{(isDryRun ? "Would remove" : "Removed")} {run.Id}: {UnfinishedText.State(run)}, {ByteSize.Format(run.StoredBytes)}");
        }

        foreach (var run in report.Kept)
        {
            output.WriteLine($"Kept {run.Id}: {UnfinishedText.State(run)}, {ByteSize.Format(run.StoredBytes)}");
        }

        output.WriteLine($"{Summary(report, isDryRun)}.");
    }

    private static string Summary(CleanUpReport report, bool isDryRun) =>
        $"{(isDryRun ? "Would remove" : "Removed")} {Words.Count(report.Removed.Count, "run")} with "
        + $"{ByteSize.Format(report.Removed.Sum(run => run.StoredBytes))}, and {Words.Count(report.LeftOverFiles, "file")} beside finished backups";
}
