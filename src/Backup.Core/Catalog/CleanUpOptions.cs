namespace Backup.Core.Catalog;

/// <summary>What <see cref="AbandonedRuns"/> removes.</summary>
public sealed record CleanUpOptions
{
    /// <summary>The default of <see cref="KeepSuspendedFor"/>: 7 days.</summary>
    public static readonly TimeSpan DefaultKeepSuspendedFor = TimeSpan.FromDays(7);

    /// <summary>How long a run that can be taken up again is kept after it last kept something; zero removes all such runs.</summary>
    /// <value><see cref="DefaultKeepSuspendedFor"/>.</value>
    public TimeSpan KeepSuspendedFor { get; init; } = DefaultKeepSuspendedFor;

    /// <summary>Whether only to say what would be removed.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool DryRun { get; init; }
}
