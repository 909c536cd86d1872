using Backup.Cli.Output;
using Backup.Core.Pipeline;

namespace Backup.Cli.Progress;

/// <summary>Puts the progress of a backup into words.</summary>
internal static class CreateProgressText
{
    /// <summary>The snapshot to show.</summary>
    public static ProgressSnapshot Show(BackupProgress progress)
    {
        var facts = new List<string>();
        if (progress.TablesTotal > 0)
        {
            facts.Add($"{Words.Count(progress.TablesDone)} of {Words.Count(progress.TablesTotal, "table")}");
            facts.Add(Words.Count(progress.Rows, "row"));
        }

        if (progress.ObjectsDone > 0 || progress.ObjectsTotal > 0)
        {
            facts.Add(progress.ObjectsTotal is { } total
                ? $"{Words.Count(progress.ObjectsDone)} of {Words.Count(total, "object")}"
                : Words.Count(progress.ObjectsDone, "object"));
        }

        facts.Add($"{ByteSize.Format(progress.RawBytes + progress.ObjectBytes)} → {ByteSize.Format(progress.StoredBytes)}");
        facts.Add(ByteSize.Format(progress.BytesPerSecond) + "/s");
        facts.Add(Words.Clock(progress.Elapsed));
        if (progress.Remaining is { } remaining)
        {
            facts.Add(Words.Clock(remaining) + " left");
        }

        return new ProgressSnapshot(
            Phase(progress.Phase),
            progress.Percent,
            facts,
            [
                .. progress.CurrentTables.Select(table => new ProgressItem(
                    table.Table.ToString(), table.Percent, $"{Words.Count(table.Rows, "row")} · {ByteSize.Format(table.RawBytes)}")),
                .. progress.CurrentObjects.Select(item => new ProgressItem(
                    $"{item.Bucket}/{item.Name}",
                    item.TotalBytes is > 0 and { } total ? Math.Min(100, 100d * item.Bytes / total) : null,
                    ByteSize.Format(item.Bytes))),
            ]);
    }

    private static string Phase(BackupPhase phase) => phase switch
    {
        BackupPhase.OpeningSnapshot => "opening the snapshot",
        BackupPhase.Copying => "copying",
        BackupPhase.Committing => "committing",
        _ => ProgressSnapshot.Over,
    };
}
