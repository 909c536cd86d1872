using Backup.Core.Archives.Manifest;

namespace Backup.Core.Archives.Resuming;

/// <summary>The content of one <c>checkpoint-NNNN.json</c>: what a run made durable since the checkpoint before. docs/format.md specifies it.</summary>
internal sealed record Checkpoint
{
    /// <summary>The format's version, <c>major.minor</c>.</summary>
    public required string FormatVersion { get; init; }

    /// <summary>The backup's id, equal to the folder's name.</summary>
    public required BackupId Id { get; init; }

    /// <summary>The checkpoint's number, from 1 without gaps.</summary>
    public required int Number { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset WrittenAt { get; init; }

    /// <summary>The part that wrote it.</summary>
    public required RunHeader Run { get; init; }

    /// <summary>The volume that became durable; <see langword="null"/> where nothing further was stored.</summary>
    public VolumeRecord? Volume { get; init; }

    /// <summary>The index of that volume.</summary>
    public IReadOnlyList<IndexPartRecord> IndexParts { get; init; } = [];

    /// <summary>The parts of the references that became durable; <see langword="null"/> for none.</summary>
    public IReadOnlyList<ReferencePartRecord>? ReferenceParts { get; init; }

    /// <summary>What became complete.</summary>
    public IReadOnlyList<CheckpointTable> Tables { get; init; } = [];

    /// <summary>Pages of what is not complete.</summary>
    public IReadOnlyList<CheckpointPages> Pages { get; init; } = [];
}
