using System.CommandLine;
using Backup.Cli.Documents;
using Backup.Cli.Output;
using Backup.Cli.Progress;
using Backup.Core.Archives;
using Backup.Core.Catalog;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.Core.Verification;

namespace Backup.Cli.Commands;

/// <summary><c>verify</c>: reads a backup whole and names all that is wrong with it.</summary>
internal sealed class VerifyCommand : Command
{
    private readonly Argument<string> _backup = CommonOptions.Backup();
    private readonly Option<string> _from = CommonOptions.Location("--from");
    private readonly Option<bool> _full = new("--full") { Description = "Also read what other backups hold for this one." };

    public VerifyCommand()
        : base("verify", "Read a backup whole and name all that is wrong with it.")
    {
        var json = CommonOptions.Json();
        Add(_backup);
        Add(_from);
        Add(_full);
        Add(json);
        CommandRun.Set(this, json, RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CommandOutput output, CancellationToken cancellationToken)
    {
        var sink = SinkLocation.OpenForReading(line.GetRequiredValue(_from));
        var id = await FindAsync(sink, line.GetRequiredValue(_backup), cancellationToken);
        VerificationReport report;
        await using (var display = output.StartProgress())
        {
            report = await new BackupVerifier(sink).VerifyAsync(
                id,
                new VerificationOptions { Full = line.GetValue(_full) },
                display.From<VerificationProgress>(VerifyProgressText.Show),
                cancellationToken);
        }

        if (report.Findings.FirstOrDefault(finding => finding.Kind == VerificationFindingKind.UnsupportedVersion) is { } newer)
        {
            // Not damaged, and not verified either.
            throw new UnsupportedFormatVersionException(newer.Message)
            {
                Subject = id.Value,
                Hint = "Update backup-core.",
            };
        }

        var exitCode = report.IsIntact ? ExitCode.Complete : ExitCode.CompletedWithFailures;
        output.WriteResult($"backup {report.Backup} {State(report)}", () =>
        {
            output.WriteDocument(VerifyDocument.Of(report, exitCode), DocumentFormat.Readable.VerifyDocument);
            Write(report, line.GetValue(_full), output);
        });
        return exitCode;
    }

    /// <summary>Finds the backup without asking its manifest, which may be what is damaged.</summary>
    private static async Task<BackupId> FindAsync(IBackupSink sink, string reference, CancellationToken cancellationToken)
    {
        var catalog = new BackupCatalog(sink);
        var entries = await catalog.ListAsync(cancellationToken);
        var isLatest = string.Equals(reference, BackupCatalog.Latest, StringComparison.OrdinalIgnoreCase);
        return entries.FirstOrDefault(entry => isLatest || entry.Id.Value == reference) is { } found
            ? found.Id
            : (await catalog.FindAsync(reference, cancellationToken)).Id;
    }

    private static void Write(VerificationReport report, bool isFull, CommandOutput output)
    {
        foreach (var finding in report.Findings)
        {
            output.WriteLine(Words.Name(ErrorReport.OneLine($"{finding.Kind}: {finding.Subject}: {finding.Message}")));
        }

        if (report.FindingsTotal > report.Findings.Count)
        {
            output.WriteLine($"… and {Words.Count(report.FindingsTotal - report.Findings.Count)} more");
        }

        output.WriteLine($"Backup {report.Backup} {State(report)}.");
        output.WriteLine($"  {Words.Count(report.Files, "file")} with {Words.Count(report.Entries, "entry")}, "
            + $"{ByteSize.Format(report.StoredBytes)} unpacked to {ByteSize.Format(report.RawBytes)} "
            + $"in {Words.Duration(report.Duration)}");
        if (report.ReferencedEntries > 0)
        {
            output.WriteLine($"  {Words.Count(report.ReferencedEntries, "entry")} that other backups hold, "
                + (isFull ? "unpacked there as well" : "compared with their indexes and not unpacked (--full does)"));
        }
    }

    private static string State(VerificationReport report) => report.IsIntact
        ? "is intact"
        : $"is damaged: {Words.Count(report.FindingsTotal, "finding")}";
}
