using Backup.Core.Archives.Manifest;

namespace Backup.Core.Pipeline;

/// <summary>What a run copied, of each lane that it has.</summary>
/// <param name="Database">The rows; <see langword="null"/> without a database.</param>
/// <param name="Storage">The objects; <see langword="null"/> without an object store.</param>
internal sealed record CopiedContents(CopiedDatabase? Database, CopiedStorage? Storage)
{
    /// <summary>What the deadline left; <see langword="null"/> when everything was copied.</summary>
    public RemainingWork? Remaining { get; init; }

    /// <summary>What the database holds that no backup can.</summary>
    public IReadOnlyList<UnsupportedRecord> Unsupported => Database?.Unsupported ?? [];

    /// <summary>What is not in the archive: tables first, then objects.</summary>
    public IReadOnlyList<FailureRecord> Failures => [.. Database?.Failures ?? [], .. Storage?.Failures ?? []];
}
