using Backup.Core.Archives;
using Backup.Core.Errors;

namespace Backup.Core.Catalog.Retention;

/// <summary>What a prune has done.</summary>
public sealed record PruneReport
{
    /// <summary>
    /// What became of each backup. One that was to go and was needed after all by a run that had begun meanwhile is kept in it, with that
    /// reason; one that could not be removed is not, and is named in <see cref="Failures"/>.
    /// </summary>
    public required PrunePlan Plan { get; init; }

    /// <summary>The backups that were removed, in that order; with <see cref="PruneOptions.DryRun"/> those that would be.</summary>
    public required IReadOnlyList<BackupId> Removed { get; init; }

    /// <summary>The backups of which an earlier, interrupted prune had left files, which are removed now; in a dry run those that would be.</summary>
    public required IReadOnlyList<BackupId> Finished { get; init; }

    /// <summary>The size of all files that were removed, in bytes; in a dry run of those that would be.</summary>
    public required long FreedBytes { get; init; }

    /// <summary>Why backups that were to go did not, or not wholly; their <see cref="BackupException.Subject"/> names them.</summary>
    public required IReadOnlyList<BackupException> Failures { get; init; }
}
