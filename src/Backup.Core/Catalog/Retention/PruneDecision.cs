using Backup.Core.Archives;

namespace Backup.Core.Catalog.Retention;

/// <summary>What becomes of one backup, and why.</summary>
public sealed record PruneDecision
{
    /// <summary>The backup.</summary>
    public required BackupId Id { get; init; }

    /// <summary>Whether it stays.</summary>
    public required bool IsKept { get; init; }

    /// <summary>Why: all that keeps it, or <see cref="PruneReasonKind.Expired"/>.</summary>
    public required IReadOnlyList<PruneReason> Reasons { get; init; }

    /// <summary>The instant that it shows, by which the rules judge it.</summary>
    public required DateTimeOffset ShownAt { get; init; }

    /// <summary>The size of its own files, in bytes: what its removal gives back.</summary>
    public required long Bytes { get; init; }

    /// <summary>The backups that it refers to.</summary>
    internal IReadOnlyList<BackupId> References { get; init; } = [];
}
