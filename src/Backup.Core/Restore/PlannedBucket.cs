namespace Backup.Core.Restore;

/// <summary>One bucket that a restore puts objects into.</summary>
public sealed record PlannedBucket
{
    /// <summary>The bucket's id.</summary>
    public required string Id { get; init; }

    /// <summary>Whether the store has it; otherwise it is created with the settings of the backup.</summary>
    public required bool Exists { get; init; }

    /// <summary>How the settings of a bucket that exists differ from the backup's, one sentence each. They are not changed.</summary>
    public IReadOnlyList<string> DifferingSettings { get; init; } = [];

    /// <summary>The chosen objects that the backup holds of it.</summary>
    public required ObjectCount Chosen { get; init; }

    /// <summary>
    /// What would become of them; <see langword="null"/> unless it is a dry run, as it costs one call to the store for each
    /// object of a bucket that is not empty.
    /// </summary>
    public BucketForecast? Forecast { get; init; }
}
