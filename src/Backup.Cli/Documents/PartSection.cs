using Backup.Core.Archives.Manifest;

namespace Backup.Cli.Documents;

/// <summary>One part of a backup that was made in several.</summary>
internal sealed record PartSection
{
    /// <summary>Its number.</summary>
    public required int Number { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it last made something durable.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>When its snapshot was taken.</summary>
    public DateTimeOffset? SnapshotAt { get; init; }

    /// <summary>The position of the write-ahead log then.</summary>
    public string? SnapshotLsn { get; init; }

    /// <summary>The number of its first volume.</summary>
    public required int FirstVolume { get; init; }

    /// <summary>Makes the sections; <see langword="null"/> of a backup made in one go.</summary>
    public static IReadOnlyList<PartSection>? Of(IReadOnlyList<PartRecord>? parts) => parts is null ? null :
    [
        .. parts.Select(part => new PartSection
        {
            Number = part.Number,
            StartedAt = part.StartedAt,
            FinishedAt = part.FinishedAt,
            SnapshotAt = part.SnapshotAt,
            SnapshotLsn = part.SnapshotLsn,
            FirstVolume = part.FirstVolume,
        }),
    ];
}
