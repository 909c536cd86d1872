using System.CommandLine;
using Backup.Cli.Documents;
using Backup.Cli.Output;
using Backup.Core.Catalog.Retention;

namespace Backup.Cli.Commands;

/// <summary><c>prune</c>: removes the backups that a policy does not keep.</summary>
internal sealed class PruneCommand : Command
{
    private const int NamedReasons = 3;

    private readonly Option<string> _from = CommonOptions.Location("--from");
    private readonly RetentionOptions _retention = new();
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only say what would be removed." };

    public PruneCommand()
        : base("prune", "Remove the backups that no rule keeps, and nothing that a kept one needs.")
    {
        var json = CommonOptions.Json();
        Add(_from);
        _retention.AddTo(this);
        Add(_dryRun);
        Add(json);
        CommandRun.Set(this, json, RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CommandOutput output, CancellationToken cancellationToken)
    {
        var sink = SinkLocation.OpenForReading(line.GetRequiredValue(_from));
        var options = new PruneOptions { DryRun = line.GetValue(_dryRun) };
        var report = await new BackupPruner(sink).RunAsync(_retention.ToPolicy(line), options, cancellationToken);
        var exitCode = report.Failures.Count == 0 ? ExitCode.Complete : ExitCode.CompletedWithFailures;
        output.WriteResult(Summary(report, options.DryRun), () =>
        {
            output.WriteDocument(
                PruneDocument.Of(report, sink.Capabilities.Location, options.DryRun, exitCode), DocumentFormat.Readable.PruneDocument);
            Write(report, options.DryRun, output);
        });
        foreach (var failure in report.Failures)
        {
            output.WriteFailure(failure.Subject ?? sink.Capabilities.Location, failure.Message, failure.Hint);
        }

        return exitCode;
    }

    private static void Write(PruneReport report, bool isDryRun, CommandOutput output)
    {
        var removed = report.Removed.ToHashSet();
        var table = new TextTable("ID", "SHOWS", ">STORED", "BECOMES", "BECAUSE");
        foreach (var backup in report.Plan.Backups)
        {
            table.Add(
                backup.Id.Value,
                Words.Instant(backup.ShownAt),
                ByteSize.Format(backup.Bytes),
                backup.IsKept ? "kept" : removed.Contains(backup.Id) ? "removed" : "failed",
                Because(backup));
        }

        if (report.Plan.Backups.Count > 0)
        {
            output.WriteTable(table);
        }

        foreach (var id in report.Finished)
        {
            output.WriteLine($"{(isDryRun ? "Would remove" : "Removed")} what an interrupted prune had left of {id}");
        }

        output.WriteLine($"{Summary(report, isDryRun)}.");
    }

    private static string Because(PruneDecision backup) =>
        string.Join(", ", backup.Reasons.Take(NamedReasons))
        + (backup.Reasons.Count > NamedReasons ? $" and {Words.Count(backup.Reasons.Count - NamedReasons)} more" : string.Empty);

    private static string Summary(PruneReport report, bool isDryRun) =>
        $"{(isDryRun ? "Would remove" : "Removed")} {Words.Count(report.Removed.Count, "backup")} with {ByteSize.Format(report.FreedBytes)}, "
        + $"{(isDryRun ? "would keep" : "kept")} {Words.Count(report.Plan.Backups.Count - report.Removed.Count)}";
}
