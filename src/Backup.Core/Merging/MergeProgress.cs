namespace Backup.Core.Merging;

/// <summary>How far a merge is, at one moment. Immutable.</summary>
public sealed record MergeProgress
{
    /// <summary>How much is copied, from 0 to 100.</summary>
    public required double Percent { get; init; }

    /// <summary>The entries copied so far.</summary>
    public required long Entries { get; init; }

    /// <summary>The entries in all.</summary>
    public required long EntriesTotal { get; init; }

    /// <summary>The packed bytes copied so far.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>The packed bytes in all.</summary>
    public required long StoredBytesTotal { get; init; }

    /// <summary>The packed bytes copied per second since the start.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>The time since the start.</summary>
    public required TimeSpan Elapsed { get; init; }
}
