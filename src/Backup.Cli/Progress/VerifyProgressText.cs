using Backup.Cli.Output;
using Backup.Core.Verification;

namespace Backup.Cli.Progress;

/// <summary>Puts the progress of a verification into words.</summary>
internal static class VerifyProgressText
{
    /// <summary>The snapshot to show.</summary>
    public static ProgressSnapshot Show(VerificationProgress progress)
    {
        var facts = new List<string>
        {
            $"{Words.Count(progress.Entries)} of {Words.Count(progress.EntriesTotal, "entry")}",
            $"{ByteSize.Format(progress.StoredBytes)} of {ByteSize.Format(progress.StoredBytesTotal)}",
            ByteSize.Format(progress.BytesPerSecond) + "/s",
            Words.Clock(progress.Elapsed),
        };
        if (progress.Findings > 0)
        {
            facts.Add(Words.Count(progress.Findings, "finding"));
        }

        return new ProgressSnapshot("verifying", progress.Percent, facts, []);
    }
}
