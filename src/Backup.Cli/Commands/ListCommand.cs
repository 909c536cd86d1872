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
        var isAllWell = entries.All(entry => entry.State is BackupState.Complete or BackupState.WithFailures);
        var exitCode = isAllWell ? ExitCode.Complete : ExitCode.CompletedWithFailures;
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

        foreach (var entry in entries.Where(entry => entry.Damage is not null))
        {
            output.WriteFailure(entry.Id.Value, entry.Damage!.Message, entry.Damage.Hint);
        }

        foreach (var entry in entries)
        {
            foreach (var file in entry.DamagedFiles)
            {
                output.WriteFailure(entry.Id.Value, file.ToString());
            }

            foreach (var broken in entry.BrokenReferences)
            {
                output.WriteFailure(entry.Id.Value, broken.ToString());
            }
        }

        return exitCode;
    }

    private static TextTable Table(IEnumerable<CatalogEntry> entries, IEnumerable<UnfinishedRun> unfinished)
    {
        var table = new TextTable(
            "ID", "KIND", "PARENT", "STARTED", ">TOOK", "DATABASE", ">TABLES", ">ROWS", ">OBJECTS", ">RAW", ">STORED", ">ELSEWHERE", "STATE");
        foreach (var run in unfinished)
        {
            table.Add(
                run.Id.Value, "-", "-", "-", "-", "-", "-", "-", "-", "-", ByteSize.Format(run.StoredBytes), "-", UnfinishedText.State(run));
        }

        foreach (var entry in entries)
        {
            if (entry.Manifest is not { } manifest)
            {
                table.Add(entry.Id.Value, "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", BackupStateText.State(entry));
                continue;
            }

            table.Add(
                entry.Id.Value,
                BackupStateText.Kind(entry.Kind),
                entry.Parent?.Value ?? "-",
                Words.Instant(manifest.StartedAt),
                Words.Duration(entry.Duration),
                manifest.Database?.Name ?? "-",
                Words.Count(manifest.Database?.Tables.Count ?? 0),
                Words.Count(manifest.Totals.Rows),
                Words.Count(entry.Objects),
                ByteSize.Format(entry.RawBytes),
                ByteSize.Format(entry.StoredBytes),
                ByteSize.Format(entry.ReferencedBytes),
                BackupStateText.State(entry));
        }

        return table;
    }
}
