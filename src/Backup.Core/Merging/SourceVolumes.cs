using Backup.Core.Archives;
using Backup.Core.Errors;

namespace Backup.Core.Merging;

/// <summary>All volumes that a merge may read, in the order in which it reads them.</summary>
/// <remarks>Used by one caller at a time.</remarks>
/// <param name="source">The backup that is merged.</param>
internal sealed class SourceVolumes(BackupId source)
{
    private readonly Dictionary<(BackupId Backup, int Number), SourceVolume> _volumes = [];

    /// <summary>Puts the volumes of a backup behind those before.</summary>
    /// <param name="archive">The backup that is merged, or one that holds bytes of it: the oldest first.</param>
    public void Add(ArchiveReader archive)
    {
        foreach (var record in archive.Manifest.Volumes)
        {
            var volume = new SourceVolume(archive, record, _volumes.Count);
            _volumes.Add((archive.Manifest.Id, volume.Number), volume);
        }
    }

    /// <summary>Finds the volume that holds an entry's bytes.</summary>
    /// <param name="entry">The entry, as the index of the merged backup lists it.</param>
    /// <exception cref="ArchiveFormatException">There is no such volume.</exception>
    public SourceVolume Of(IndexEntry entry) =>
        _volumes.TryGetValue((entry.Backup ?? source, entry.Volume), out var volume)
            ? volume
            : throw new ArchiveFormatException(
                $"The index of backup {source} places {entry.Path} in volume {entry.Volume} of {entry.Backup ?? source}, which there is not.")
            {
                Subject = entry.Path,
            };
}
