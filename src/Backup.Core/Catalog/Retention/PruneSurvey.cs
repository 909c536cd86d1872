using Backup.Core.Archives;

namespace Backup.Core.Catalog.Retention;

/// <summary>What a prune finds in a sink.</summary>
internal sealed record PruneSurvey
{
    /// <summary>The finished backups.</summary>
    public required IReadOnlyList<PruneCandidate> Candidates { get; init; }

    /// <summary>What runs that have not finished build on.</summary>
    public required IReadOnlyList<RunNeed> Needs { get; init; }

    /// <summary>The finished backups that an earlier prune has marked.</summary>
    public required IReadOnlySet<BackupId> Marked { get; init; }

    /// <summary>Folders that an earlier prune has begun to remove: marked, and without a manifest.</summary>
    public required IReadOnlyList<RunFolder> Remains { get; init; }
}
