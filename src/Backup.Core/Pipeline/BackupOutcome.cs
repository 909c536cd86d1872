namespace Backup.Core.Pipeline;

/// <summary>How a run ended that did not fail.</summary>
public enum BackupOutcome
{
    /// <summary>Everything that was asked for is in the backup.</summary>
    Complete,

    /// <summary>
    /// The backup is committed, but the items of <see cref="BackupResult.Failures"/> and <see cref="BackupResult.Unsupported"/> are not in it.
    /// </summary>
    CompletedWithFailures,

    /// <summary>
    /// The time budget came to its end first. Nothing is committed; what was stored stays, and <see cref="BackupRequest.Resume"/> goes on
    /// from there. <see cref="BackupResult.Remaining"/> says what is left.
    /// </summary>
    Suspended,
}
