using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;

namespace Backup.Core.Pipeline;

/// <summary>What an incremental backup would store, reuse and drop if it were made now.</summary>
public sealed record BackupPreview
{
    /// <summary>Whether it would be an incremental backup, or a full one for want of a parent.</summary>
    public required BackupKind Kind { get; init; }

    /// <summary>Why it would be a full backup, or not build on the latest one; otherwise <see langword="null"/>.</summary>
    public string? KindReason { get; init; }

    /// <summary>The backup that it would build on; <see langword="null"/> for none.</summary>
    public BackupId? Parent { get; init; }

    /// <summary>
    /// What would be stored, reused and dropped, by table and bucket. The sizes are those before packing: what is stored takes less room.
    /// Objects whose size the listing does not tell count with 0 bytes.
    /// </summary>
    public required BackupChanges Changes { get; init; }

    /// <summary>What could not be read though the request lets a run go on without it.</summary>
    public required IReadOnlyList<FailureRecord> Failures { get; init; }

    /// <summary>How long it took to find out.</summary>
    public required TimeSpan Duration { get; init; }
}
