using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;

namespace Backup.Core.Merging;

/// <summary>What a merge has done.</summary>
public sealed record MergeResult
{
    /// <summary>How it ended.</summary>
    public required MergeOutcome Outcome { get; init; }

    /// <summary>The backup that was to be merged.</summary>
    public required BackupId Source { get; init; }

    /// <summary>The backup that holds the same and needs no other: the new one, or the one that was there.</summary>
    public required BackupId Backup { get; init; }

    /// <summary>What that backup says of itself.</summary>
    public required BackupManifest Manifest { get; init; }

    /// <summary>How many entries were copied.</summary>
    public required long Entries { get; init; }

    /// <summary>Their packed size, in bytes.</summary>
    public required long CopiedBytes { get; init; }

    /// <summary>How many bytes the new backup has in the sink; 0 where there is no new one.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }
}
