using Backup.Core.Errors;

namespace Backup.Core.Catalog;

/// <summary>What a clean-up has done.</summary>
public sealed record CleanUpReport
{
    /// <summary>The runs that were removed, or with <see cref="CleanUpOptions.DryRun"/> would be, newest first.</summary>
    public required IReadOnlyList<UnfinishedRun> Removed { get; init; }

    /// <summary>The runs that stay because a process is writing them or they can be taken up again, newest first.</summary>
    public required IReadOnlyList<UnfinishedRun> Kept { get; init; }

    /// <summary>How many files that only served a run were removed beside finished backups, or would be.</summary>
    public required int LeftOverFiles { get; init; }

    /// <summary>Why runs or files that were to be removed were not; their <see cref="BackupException.Subject"/> names them.</summary>
    public required IReadOnlyList<BackupException> Failures { get; init; }
}
