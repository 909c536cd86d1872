using Backup.Core.Archives.Manifest;

namespace Backup.Core.Archives;

/// <summary>What an <see cref="ArchiveWriter"/> has made durable: the part of the manifest that it knows.</summary>
/// <param name="Volumes">The zip files, in order.</param>
/// <param name="IndexParts">The parts of the index, in order.</param>
/// <param name="Entries">The number of entries.</param>
/// <param name="RawBytes">The size of all entries before packing, in bytes.</param>
/// <param name="StoredBytes">The size of all volumes, in bytes.</param>
internal sealed record ArchiveContents(
    IReadOnlyList<VolumeRecord> Volumes,
    IReadOnlyList<IndexPartRecord> IndexParts,
    long Entries,
    long RawBytes,
    long StoredBytes)
{
    /// <summary>
    /// The folders below <c>database/data/</c> that hold pages, each ending in a slash; none unless the run is resumable. Those that
    /// no table and no failure of the manifest names are its <see cref="BackupManifest.Superseded"/>.
    /// </summary>
    public IReadOnlySet<string> PageFolders { get; init; } = new HashSet<string>();
}
