namespace Backup.Core.Catalog.Retention;

/// <summary>Why a backup is kept or removed.</summary>
public enum PruneReasonKind
{
    /// <summary>Removed: no rule keeps it.</summary>
    Expired,

    /// <summary>Kept by <see cref="RetentionPolicy.KeepLast"/>.</summary>
    Last,

    /// <summary>Kept by <see cref="RetentionPolicy.KeepDaily"/>.</summary>
    Daily,

    /// <summary>Kept by <see cref="RetentionPolicy.KeepWeekly"/>.</summary>
    Weekly,

    /// <summary>Kept by <see cref="RetentionPolicy.KeepMonthly"/>.</summary>
    Monthly,

    /// <summary>Kept by <see cref="RetentionPolicy.KeepYearly"/>.</summary>
    Yearly,

    /// <summary>Kept by <see cref="RetentionPolicy.KeepWithin"/>.</summary>
    Within,

    /// <summary>Kept: it is the newest good backup of its source.</summary>
    LastGood,

    /// <summary>Kept by <see cref="RetentionPolicy.MinimumAge"/>.</summary>
    TooYoung,

    /// <summary>Kept: a kept backup refers to it.</summary>
    NeededByBackup,

    /// <summary>Kept: a run that is going on, or suspended, builds on it.</summary>
    NeededByRun,
}
