namespace Backup.Core.Pipeline;

/// <summary>How a run that committed a backup ended.</summary>
public enum BackupOutcome
{
    /// <summary>Everything that was asked for is in the backup.</summary>
    Complete,

    /// <summary>The backup is committed, but the items of <see cref="BackupResult.Failures"/> are not in it.</summary>
    CompletedWithFailures,
}
