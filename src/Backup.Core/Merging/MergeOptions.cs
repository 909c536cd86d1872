namespace Backup.Core.Merging;

/// <summary>How a merge writes its backup.</summary>
public sealed record MergeOptions
{
    /// <summary>
    /// The size at which the next volume begins, in bytes, at least 1; an entry is never split, so a volume may be larger by one.
    /// Whatever is said here, no volume becomes larger than the largest object that the sink takes.
    /// </summary>
    /// <value><see langword="null"/> by default: no limit but the sink's.</value>
    public long? VolumeBytes { get; init; }
}
