using Backup.Cli.Output;
using Backup.Core.Pipeline;

namespace Backup.Cli.Progress;

/// <summary>Puts the progress of a backup into words.</summary>
internal static class CreateProgressText
{
    /// <summary>The snapshot to show.</summary>
    public static ProgressSnapshot Show(BackupProgress progress)
    {
        var facts = new List<string>
        {
            $"{Words.Count(progress.TablesDone)} of {Words.Count(progress.TablesTotal, "table")}",
            Words.Count(progress.Rows, "row"),
            $"{ByteSize.Format(progress.RawBytes)} → {ByteSize.Format(progress.StoredBytes)}",
            ByteSize.Format(progress.BytesPerSecond) + "/s",
            Words.Clock(progress.Elapsed),
        };
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
            ]);
    }

    private static string Phase(BackupPhase phase) => phase switch
    {
        BackupPhase.OpeningSnapshot => "opening the snapshot",
        BackupPhase.ReadingSchema => "reading the schema",
        BackupPhase.Copying => "copying rows",
        BackupPhase.Committing => "committing",
        _ => ProgressSnapshot.Over,
    };
}
