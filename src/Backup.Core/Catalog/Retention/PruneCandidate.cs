using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;

namespace Backup.Core.Catalog.Retention;

/// <summary>What a prune has to know of one backup. Small, whatever the size of its manifest.</summary>
internal sealed record PruneCandidate
{
    /// <summary>The backup.</summary>
    public required BackupId Id { get; init; }

    /// <summary>What it is a backup of: only those of the same source stand for one another.</summary>
    public required BackupSource Source { get; init; }

    /// <summary>The instant that it shows.</summary>
    public required DateTimeOffset ShownAt { get; init; }

    /// <summary>When it was committed.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>Whether it lacks nothing.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>Whether all of its files are there, and all backups that it refers to, as far as names, sizes and manifests tell.</summary>
    /// <value><see langword="true"/> by default.</value>
    public bool IsWhole { get; init; } = true;

    /// <summary>The backups that hold bytes of it.</summary>
    public required IReadOnlyList<BackupId> References { get; init; }

    /// <summary>The size of its own files, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The candidate of a backup.</summary>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="folder">Its own files; those of other backups are looked at elsewhere.</param>
    public static PruneCandidate Of(BackupManifest manifest, RunFolder folder) => new()
    {
        Id = manifest.Id,
        Source = BackupSource.Of(manifest),
        ShownAt = manifest.Database?.SnapshotAt ?? manifest.StartedAt,
        FinishedAt = manifest.FinishedAt,
        IsComplete = manifest.Failures.Count == 0 && manifest.Database?.Unsupported is not { Count: > 0 },
        References = [.. (manifest.References ?? []).Select(reference => reference.Id)],
        IsWhole = folder.HasFilesOf(manifest),
        Bytes = folder.Bytes,
    };
}
