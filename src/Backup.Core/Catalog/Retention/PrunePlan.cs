namespace Backup.Core.Catalog.Retention;

/// <summary>What becomes of each backup of a place by a policy.</summary>
public sealed record PrunePlan
{
    /// <summary>All finished backups, the newest first.</summary>
    public required IReadOnlyList<PruneDecision> Backups { get; init; }

    /// <summary>Those that stay, the newest first.</summary>
    public IEnumerable<PruneDecision> Kept => Backups.Where(backup => backup.IsKept);

    /// <summary>Those that go, the newest first: an incremental before what it refers to.</summary>
    public IEnumerable<PruneDecision> Removed => Backups.Where(backup => !backup.IsKept);
}
