using System.Globalization;
using System.Text;
using Backup.TestKit.Workloads;

namespace Backup.Core.Granularity;

/// <summary>Tables in Markdown.</summary>
internal static class Report
{
    /// <summary>What each step costs.</summary>
    public static string Cutting(IEnumerable<CuttingCost> costs) => Table(
        "| step | processor, for each GB |\n|---|---|",
        costs.Select(cost => Row($"{cost.Step}", $"{cost.SecondsPerGigabyte:0.00} s")));

    /// <summary>What reading costs.</summary>
    public static string Reading(IEnumerable<ReadingCost> costs) => Table(
        "| page | asked for at once | waits for an answer | time | processor | server's processor |\n|---|---|---|---|---|---|",
        costs.OrderBy(cost => cost.BatchPages > 1).ThenBy(cost => cost.PageBlocks).Select(cost => Row(
            $"{cost.PageBlocks:N0} blocks", $"{cost.BatchPages}", $"{cost.Messages:N0}", Seconds(cost.Time), Seconds(cost.Processor), Seconds(cost.Server))));

    /// <summary>Full backups.</summary>
    public static string Full(IReadOnlyList<MeasuredBackup> backups) => Table(
        string.Create(CultureInfo.InvariantCulture, $"Full, {backups[0].RawBytes / 1e6:N0} MB of rows\n\n| cut into | entries | volumes | index | index in the whole |\n|---|---|---|---|---|"),
        backups.Select(backup => Row(
            $"{backup.Name}",
            $"{backup.Pieces.All:N0}",
            Megabytes(backup.VolumeBytes),
            Megabytes(backup.IndexBytes),
            Percent(backup.IndexBytes, backup.StoredBytes))));

    /// <summary>Incremental backups after a change.</summary>
    public static string Incremental(MixedChange change, IReadOnlyList<MeasuredBackup> full, IReadOnlyList<MeasuredBackup> backups) => Table(
        $"After: {change.Name}\n\n| cut into | entries stored | of | volumes | index | both, of the full backup |\n|---|---|---|---|---|---|",
        backups.Zip(full, (backup, parent) => Row(
            $"{backup.Name}",
            $"{backup.Pieces.New:N0}",
            $"{backup.Pieces.All:N0}",
            Megabytes(backup.VolumeBytes),
            Megabytes(backup.IndexBytes),
            Percent(backup.StoredBytes, parent.StoredBytes))));

    private static string Table(string head, IEnumerable<string> rows) =>
        new StringBuilder(head).Append('\n').AppendJoin('\n', rows).Append('\n').ToString();

    private static string Row(params FormattableString[] cells) => $"| {string.Join(" | ", cells.Select(FormattableString.Invariant))} |";

    private static FormattableString Seconds(TimeSpan time) => $"{time.TotalSeconds:0.0} s";

    private static FormattableString Megabytes(long bytes) => $"{bytes / 1e6:N2} MB";

    private static FormattableString Percent(long part, long whole) => $"{100d * part / whole:0.00} %";
}
