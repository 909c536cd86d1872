using Backup.Core.Archives;

namespace Backup.Core.Catalog.Retention;

/// <summary>One reason why a backup is kept or removed.</summary>
/// <param name="Kind">Which.</param>
/// <param name="By">The backup or run that needs it; <see langword="null"/> where the reason is another one.</param>
public readonly record struct PruneReason(PruneReasonKind Kind, BackupId? By = null)
{
    /// <summary>The reason in words, to follow <c>kept:</c> or <c>removed:</c>.</summary>
    public override string ToString() => Kind switch
    {
        PruneReasonKind.Expired => "no rule keeps it",
        PruneReasonKind.Last => "last",
        PruneReasonKind.Daily => "daily",
        PruneReasonKind.Weekly => "weekly",
        PruneReasonKind.Monthly => "monthly",
        PruneReasonKind.Yearly => "yearly",
        PruneReasonKind.Within => "within",
        PruneReasonKind.LastGood => "last good one",
        PruneReasonKind.TooYoung => "younger than the minimum age",
        PruneReasonKind.NeededByBackup => $"needed by {By}",
        _ => $"needed by the run {By}",
    };
}
