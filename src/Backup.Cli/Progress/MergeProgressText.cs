using Backup.Cli.Output;
using Backup.Core.Merging;

namespace Backup.Cli.Progress;

/// <summary>Puts the progress of a merge into words.</summary>
internal static class MergeProgressText
{
    /// <summary>The snapshot to show.</summary>
    public static ProgressSnapshot Show(MergeProgress progress) => new(
        "merging",
        progress.Percent,
        [
            $"{Words.Count(progress.Entries)} of {Words.Count(progress.EntriesTotal, "entry")}",
            $"{ByteSize.Format(progress.StoredBytes)} of {ByteSize.Format(progress.StoredBytesTotal)}",
            ByteSize.Format(progress.BytesPerSecond) + "/s",
            Words.Clock(progress.Elapsed),
        ],
        []);
}
