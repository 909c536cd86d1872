namespace Backup.Core.Pipeline;

/// <summary>
/// What a run does about tables and objects that cannot be backed up for good, after all retries. What it goes on without is named in
/// <see cref="BackupResult.Failures"/> and in the manifest, and the outcome is <see cref="BackupOutcome.CompletedWithFailures"/>.
/// </summary>
public sealed record FailurePolicy
{
    /// <summary>The objects that may fail by default: 1,000.</summary>
    public const int DefaultMaxFailedObjects = 1000;

    /// <summary>The policy of a run that is given none.</summary>
    public static FailurePolicy Default { get; } = new();

    /// <summary>
    /// Tables that cannot be read: missing rights, a damaged block, a lost connection. None of the rows of a table that failed belong to
    /// the backup. The snapshot itself must last: when it is lost the run fails under any policy.
    /// </summary>
    /// <value><see cref="FailureLimit.FailFast"/> by default.</value>
    public FailureLimit Tables { get; init; } = FailureLimit.FailFast;

    /// <summary>Stored objects that cannot be copied: changed or gone since they were listed, or unreadable.</summary>
    /// <value>At most <see cref="DefaultMaxFailedObjects"/> by default.</value>
    public FailureLimit Objects { get; init; } = FailureLimit.AtMost(DefaultMaxFailedObjects);
}
