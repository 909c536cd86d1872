using System.CommandLine;
using Backup.Cli.Documents;
using Backup.Cli.Output;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Catalog;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;

namespace Backup.Cli.Commands;

/// <summary><c>show</c>: says what a backup holds.</summary>
internal sealed class ShowCommand : Command
{
    private readonly Argument<string> _backup = CommonOptions.Backup();
    private readonly Option<string> _from = CommonOptions.Location("--from");

    public ShowCommand()
        : base("show", "Show what a backup holds.")
    {
        var json = CommonOptions.Json();
        Add(_backup);
        Add(_from);
        Add(json);
        CommandRun.Set(this, json, RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CommandOutput output, CancellationToken cancellationToken)
    {
        var sink = SinkLocation.OpenForReading(line.GetRequiredValue(_from));
        var reference = line.GetRequiredValue(_backup);
        BackupManifest manifest;
        try
        {
            manifest = await new BackupCatalog(sink).FindAsync(reference, cancellationToken);
        }
        catch (BackupNotFoundException)
        {
            var runs = await new AbandonedRuns(sink).ListAsync(cancellationToken);
            if (runs.FirstOrDefault(run => run.Id.Value == reference) is not { } found)
            {
                throw;
            }

            output.WriteDocument(ShowUnfinishedDocument.Of(found), DocumentFormat.Readable.ShowUnfinishedDocument);
            Write(found, output);
            return ExitCode.Complete;
        }

        // Whether its references are broken, and who refers to it, only the others say.
        var entries = await new BackupCatalog(sink).ListAsync(cancellationToken);
        var entry = entries.FirstOrDefault(entry => entry.Id == manifest.Id) ?? new CatalogEntry { Id = manifest.Id, Manifest = manifest };
        var dependents = BackupGraph.Of(entries).DependentsOf(manifest.Id);
        output.WriteDocument(ShowDocument.Of(entry, manifest, dependents), DocumentFormat.Readable.ShowDocument);
        Write(entry, manifest, dependents, output);
        return ExitCode.Complete;
    }

    private static void Write(UnfinishedRun run, CommandOutput output)
    {
        output.WriteLine($"Run       {run.Id}, not finished: {UnfinishedText.State(run)}"
            + (run.Owner is { } owner ? $" by {Words.Name(owner)}" : string.Empty));
        output.WriteLine($"Holds     {Words.Count(run.Volumes, "volume")}, {ByteSize.Format(run.StoredBytes)}"
            + (run.KeptAt is { } keptAt ? $", last kept {Words.Instant(keptAt)}" : string.Empty));
        if (UnfinishedText.Advice(run) is { } advice)
        {
            output.WriteLine(advice);
        }
    }

    private static void WriteParts(BackupManifest manifest, CommandOutput output)
    {
        foreach (var part in manifest.Parts ?? [])
        {
            output.WriteLine($"Part {part.Number,-5}{Words.Instant(part.StartedAt)} to {Words.Instant(part.FinishedAt)}"
                + (part.SnapshotAt is { } at ? $", snapshot {Words.Instant(at)}" : string.Empty)
                + (part.SnapshotLsn is { } lsn ? $" at {Words.Name(lsn)}" : string.Empty) + $", from volume {part.FirstVolume}");
        }
    }

    private static void WriteReferences(CatalogEntry entry, BackupManifest manifest, IReadOnlyList<BackupId> dependents, CommandOutput output)
    {
        foreach (var reference in manifest.References ?? [])
        {
            var broken = entry.BrokenReferences.FirstOrDefault(broken => broken.Backup == reference.Id);
            output.WriteLine($"Needs     {reference.Id} for {Words.Count(reference.Entries, "entry")} with {ByteSize.Format(reference.StoredBytes)}"
                + (broken is null ? string.Empty : $", which is {BackupStateText.Broken(broken.Kind)}"));
        }

        foreach (var dependent in dependents)
        {
            output.WriteLine($"Needed by {dependent}");
        }
    }

    private static void Write(CatalogEntry entry, BackupManifest manifest, IReadOnlyList<BackupId> dependents, CommandOutput output)
    {
        output.WriteLine($"Backup    {manifest.Id}, {BackupStateText.Kind(manifest.Kind)}"
            + (manifest.Parent is { } parent ? $" upon {parent}, number {Words.Count(manifest.Chain)} of its chain" : string.Empty)
            + (manifest.MergedFrom is { Count: > 0 } merged ? $" from {string.Join(", ", merged)}" : string.Empty));
        output.WriteLine($"State     {BackupStateText.State(entry)}");
        output.WriteLine($"Written   {Words.Instant(manifest.StartedAt)} to {Words.Instant(manifest.FinishedAt)} "
            + $"by {manifest.WrittenBy}, format {manifest.FormatVersion}");
        if (manifest.Database is { } database)
        {
            output.WriteLine($"Database  {Words.Name(database.Name)}, {database.Encoding}, PostgreSQL {database.ServerVersion}"
                + (database.Roles is { } roles ? $", with {Words.Count(roles, "role")} of its server" : string.Empty));
            output.WriteLine($"Snapshot  {Words.Instant(database.SnapshotAt)}"
                + (database.SnapshotLsn is { } lsn ? $" at {lsn}" : string.Empty));
        }

        WriteParts(manifest, output);
        if (manifest.Storage is { } storage)
        {
            output.WriteLine($"Storage   {Words.Name(storage.Location)}, listed "
                + (storage.Listing == ObjectListingMethod.Database ? "in the snapshot" : "by the store itself")
                + (storage.Prefix.Length > 0 ? $", names that begin with {Words.Name(storage.Prefix)}" : string.Empty));
        }

        output.WriteLine($"Holds     {Words.Count(manifest.Totals.Entries, "entry")}, {Words.Count(manifest.Totals.Rows, "row")}, "
            + (manifest.Storage is null ? string.Empty : $"{Words.Count(manifest.Totals.Objects, "object")}, ")
            + $"{ByteSize.Format(manifest.Totals.RawBytes)} stored as {ByteSize.Format(manifest.Totals.StoredBytes)} "
            + $"in {Words.Count(manifest.Volumes.Count, "volume")}"
            + (manifest.Totals.ReferencedEntries > 0 ? $", and {ByteSize.Format(manifest.Totals.ReferencedBytes)} in other backups" : string.Empty));
        WriteReferences(entry, manifest, dependents, output);
        WriteContents(manifest, output);
        WriteWarnings(entry, manifest, output);
    }

    private static void WriteContents(BackupManifest manifest, CommandOutput output)
    {
        if (manifest.Database is { Tables: { Count: > 0 } tables })
        {
            var table = new TextTable("TABLE", ">ROWS", ">RAW", ">PAGES");
            foreach (var record in tables)
            {
                table.Add($"{record.Schema}.{record.Name}", Words.Count(record.Rows), ByteSize.Format(record.RawBytes), Words.Count(record.Pages));
            }

            output.WriteLine();
            output.WriteTable(table);
        }

        if (manifest.Storage is { Buckets: { Count: > 0 } buckets })
        {
            var table = new TextTable("BUCKET", ">OBJECTS", ">RAW", ">MISSING");
            foreach (var bucket in buckets)
            {
                table.Add(
                    bucket.Id, Words.Count(bucket.Objects), ByteSize.Format(bucket.RawBytes), Words.Count(bucket.Listed - bucket.Objects));
            }

            output.WriteLine();
            output.WriteTable(table);
        }
    }

    private static void WriteWarnings(CatalogEntry entry, BackupManifest manifest, CommandOutput output)
    {
        foreach (var table in manifest.Database?.Tables.Where(table => table.Mixed) ?? [])
        {
            output.WriteWarning($"{table.Schema}.{table.Name} was read under several snapshots: its rows are of no one instant.");
        }

        foreach (var file in entry.DamagedFiles)
        {
            output.WriteWarning(file.ToString());
        }

        foreach (var broken in entry.BrokenReferences)
        {
            output.WriteWarning(broken.ToString());
        }

        foreach (var failure in manifest.Failures)
        {
            output.WriteWarning($"{failure.Subject} is missing from this backup: {failure.Reason}");
        }

        foreach (var item in manifest.Database?.Unsupported ?? [])
        {
            output.WriteWarning($"{item.Name} is missing from this backup: {item.Reason}");
        }
    }
}
