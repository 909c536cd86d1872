using System.CommandLine;
using Backup.Cli.Documents;
using Backup.Cli.Output;
using Backup.Core.Catalog;

namespace Backup.Cli.Commands;

/// <summary><c>list</c>: names the backups of a place, newest first.</summary>
internal sealed class ListCommand : Command
{
    private readonly Option<string> _from = CommonOptions.Location("--from");

    public ListCommand()
        : base("list", "List the backups of a place, newest first.")
    {
        var json = CommonOptions.Json();
        Add(_from);
        Add(json);
        CommandRun.Set(this, json, RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CommandOutput output, CancellationToken cancellationToken)
    {
        var sink = SinkLocation.OpenForReading(line.GetRequiredValue(_from));
        var entries = await new BackupCatalog(sink).ListAsync(cancellationToken);
        var unfinished = await new AbandonedRuns(sink).ListAsync(cancellationToken);
        var damaged = entries.Where(entry => entry.Damage is not null).ToList();
        var exitCode = damaged.Count == 0 ? ExitCode.Complete : ExitCode.CompletedWithFailures;
        output.WriteDocument(
            ListDocument.Of(entries, unfinished, sink.Capabilities.Location, exitCode), DocumentFormat.Readable.ListDocument);
        if (entries.Count + unfinished.Count == 0)
        {
            output.WriteLine($"There is no backup in {sink.Capabilities.Location}.");
        }
        else
        {
            output.WriteTable(Table(entries, unfinished));
        }

        foreach (var entry in damaged)
        {
            output.WriteFailure(entry.Id.Value, entry.Damage!.Message, entry.Damage.Hint);
        }

        return exitCode;
    }

    private static TextTable Table(IEnumerable<CatalogEntry> entries, IEnumerable<UnfinishedRun> unfinished)
    {
        var table = new TextTable("ID", "STARTED", "DATABASE", ">TABLES", ">ROWS", ">OBJECTS", ">RAW", ">STORED", "STATE");
        foreach (var run in unfinished)
        {
            table.Add(run.Id.Value, "-", "-", "-", "-", "-", "-", ByteSize.Format(run.StoredBytes), UnfinishedText.State(run));
        }

        foreach (var entry in entries)
        {
            if (entry.Manifest is not { } manifest)
            {
                table.Add(entry.Id.Value, "-", "-", "-", "-", "-", "-", "-", "damaged");
                continue;
            }

            table.Add(
                entry.Id.Value,
                Words.Instant(manifest.StartedAt),
                manifest.Database?.Name ?? "-",
                Words.Count(manifest.Database?.Tables.Count ?? 0),
                Words.Count(manifest.Totals.Rows),
                Words.Count(manifest.Totals.Objects),
                ByteSize.Format(manifest.Totals.RawBytes),
                ByteSize.Format(manifest.Totals.StoredBytes),
                manifest.Failures.Count == 0 ? "complete" : $"{Words.Count(manifest.Failures.Count, "item")} missing");
        }

        return table;
    }
}
