using System.Diagnostics;
using System.Globalization;
using Backup.Core.Catalog.Retention;
using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Verification;
using Spectre.Console;

namespace Quickstart;

/// <summary>What the reader of the screen sees.</summary>
internal static class Report
{
    private const double Megabyte = 1_000_000;

    public static async Task<T> StepAsync<T>(string title, Func<Task<T>> step)
    {
        AnsiConsole.MarkupInterpolated($"{title} … ");
        var started = Stopwatch.GetTimestamp();
        var result = await step();
        AnsiConsole.MarkupLineInterpolated(
            CultureInfo.InvariantCulture, $"[green]{Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s[/]");
        return result;
    }

    public static Task StepAsync(string title, Func<Task> step) =>
        StepAsync(title, async () =>
        {
            await step();
            return true;
        });

    public static void Note(FormattableString text) =>
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, text);

    public static void Write(BackupChanges changes) => Note(
        $"  stored {changes.Stored.Items:N0} pages and files of {changes.Stored.Bytes / Megabyte:N1} MB, referenced {changes.Reused.Items:N0} of {changes.Reused.Bytes / Megabyte:N1} MB");

    public static void Write(PruneReport pruned)
    {
        foreach (var backup in pruned.Plan.Backups.Reverse())
        {
            Note($"  {backup.Id} {(backup.IsKept ? "kept" : "removed")}: {string.Join(", ", backup.Reasons)}");
        }
    }

    public static void Write(
        BackupResult backup, VerificationReport verified, RestoreResult restored, Comparison comparison, WeekOutcome week, string folder)
    {
        var table = new Table().Border(TableBorder.Simple).HideHeaders().AddColumns("What", "Result");
        var totals = backup.Totals;
        table.AddRow("Sunday's backup", $"{backup.Id}");
        table.AddRow("Rows", Invariant($"{totals.Rows:N0} of {backup.Tables.Count} tables"));
        table.AddRow("Files", Invariant($"{totals.Objects:N0} of {backup.Buckets.Count} buckets"));
        table.AddRow("Size", Invariant(
            $"{totals.RawBytes / Megabyte:N1} MB in {totals.StoredBytes / Megabyte:N1} MB, {Ratio(totals.RawBytes, totals.StoredBytes)}"));
        table.AddRow("Backup took", Rate(totals.RawBytes, backup.Duration));
        table.AddRow("Buffers", Invariant(
            $"{backup.Memory.PeakBufferBytes / Megabyte:N1} MB at most, of a budget of {backup.MemoryBudgetBytes / Megabyte:N1} MB"));
        table.AddRow("Verification took", Rate(verified.RawBytes, verified.Duration));
        table.AddRow("Restore took", Rate(restored.RawBytes + restored.FilesUploaded.Bytes, restored.Duration));
        table.AddRow("Backup is intact", Verdict(verified.IsIntact));
        table.AddRow("Restore is complete", Verdict(restored.Outcome == RestoreOutcome.Complete));
        table.AddRow("Definitions are equal", comparison.SchemaIsEqual is { } equal ? Verdict(equal) : "not compared: no pg_dump here");
        table.AddRow("Contents are equal", $"{Verdict(comparison.Differences.Count == 0)} ({comparison.Tables} tables, views and sequences)");
        table.AddRow("Books of one instant", Invariant(
            $"{Verdict(comparison.Ledger.IsConsistent)} ({comparison.Ledger.Transfers:N0} transfers restored)"));
        table.AddRow("Files of the same instant", Invariant(
            $"{Verdict(comparison.IsRegisterConsistent)} ({comparison.Register.Rows:N0} rows name {comparison.Register.Files:N0} files)"));
        table.AddRow("Wednesday is back", Verdict(week.Differences.Count == 0));
        table.AddRow("Kept of the week", $"{string.Join(", ", week.Kept)} in {Markup.Escape(folder)}");
        AnsiConsole.Write(table);

        foreach (var problem in Problems(verified, restored, comparison).Concat(week.Differences))
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{problem}[/]");
        }
    }

    private static IEnumerable<string> Problems(VerificationReport verified, RestoreResult restored, Comparison comparison) =>
    [
        .. verified.Findings.Select(finding => finding.ToString()),
        .. restored.Failures.Select(failure => $"{failure.Kind} {failure.Subject}: {failure.Reason}"),
        .. restored.Notices,
        .. comparison.Differences,
        .. comparison.Register.Lost.Select(file => $"{file} is registered and not there"),
    ];

    private static string Verdict(bool isGood) => isGood ? "[green]yes[/]" : "[red]no[/]";

    private static string Rate(long bytes, TimeSpan duration) =>
        Invariant($"{duration.TotalSeconds:F1} s, {bytes / Megabyte / duration.TotalSeconds:N0} MB a second");

    private static string Ratio(long raw, long stored) => Invariant($"{(double)raw / stored:F1} to 1");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
