using Backup.Core.Archives.Manifest;

namespace Backup.Core.Archives.Resuming;

/// <summary>A table of which all pages lie in volumes up to a checkpoint.</summary>
internal sealed record CheckpointTable
{
    /// <summary>The table as the manifest will name it.</summary>
    public required TableRecord Record { get; init; }

    /// <summary>What tells whether a table of that name is still the same one.</summary>
    public required string Fingerprint { get; init; }
}
