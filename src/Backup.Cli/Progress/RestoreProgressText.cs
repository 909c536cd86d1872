using Backup.Cli.Output;
using Backup.Core.Restore;

namespace Backup.Cli.Progress;

/// <summary>Puts the progress of a restore into words.</summary>
internal static class RestoreProgressText
{
    /// <summary>The snapshot to show.</summary>
    public static ProgressSnapshot Show(RestoreProgress progress)
    {
        var facts = new List<string>
        {
            $"{Words.Count(progress.ObjectsDone)} of {Words.Count(progress.ObjectsTotal, "object")}",
            $"{Words.Count(progress.TablesDone)} of {Words.Count(progress.TablesTotal, "table")}",
            Words.Count(progress.Rows, "row"),
            $"{ByteSize.Format(progress.RawBytes)} of {ByteSize.Format(progress.RawBytesTotal)}",
        };
        if (progress.FilesTotal > 0)
        {
            facts.Add($"{Words.Count(progress.FilesDone)} of {Words.Count(progress.FilesTotal, "file")}");
            facts.Add($"{ByteSize.Format(progress.FileBytes)} of {ByteSize.Format(progress.FileBytesTotal)}");
        }

        facts.Add(ByteSize.Format(progress.BytesPerSecond) + "/s");
        facts.Add(Words.Clock(progress.Elapsed));
        if (progress.Remaining is { } remaining)
        {
            facts.Add(Words.Clock(remaining) + " left");
        }

        if (progress.Failures > 0)
        {
            facts.Add($"{Words.Count(progress.Failures)} failed");
        }

        return new ProgressSnapshot(
            Phase(progress.Phase),
            progress.Percent,
            facts,
            [.. progress.Current.Select(name => new ProgressItem(name, Percent: null, string.Empty))]);
    }

    private static string Phase(RestorePhase phase) => phase switch
    {
        RestorePhase.Preparing => "preparing",
        RestorePhase.PreData => "making tables",
        RestorePhase.Data => "loading rows",
        RestorePhase.Files => "uploading files",
        RestorePhase.PostData => "making indexes",
        _ => ProgressSnapshot.Over,
    };
}
