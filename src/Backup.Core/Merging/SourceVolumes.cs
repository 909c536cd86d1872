using Backup.Core.Archives;
using Backup.Core.Errors;

namespace Backup.Core.Merging;

/// <summary>All volumes that a merge may read, in the order in which it reads them: backup by backup, the oldest first.</summary>
/// <remarks>Used by one caller at a time.</remarks>
internal sealed class SourceVolumes
{
    private readonly Dictionary<(BackupId Backup, int Number), SourceVolume> _volumes = [];
    private readonly BackupId _source;

    /// <summary>Puts the volumes in order.</summary>
    /// <param name="source">The backup that is merged.</param>
    /// <param name="referenced">The backups that hold bytes of it.</param>
    public SourceVolumes(ArchiveReader source, IEnumerable<ArchiveReader> referenced)
    {
        _source = source.Manifest.Id;
        foreach (var archive in referenced.Append(source).OrderBy(archive => archive.Manifest.Id))
        {
            foreach (var record in archive.Manifest.Volumes)
            {
                var volume = new SourceVolume(archive, record, _volumes.Count);
                _volumes.Add((archive.Manifest.Id, volume.Number), volume);
            }
        }
    }

    /// <summary>Finds the volume that holds an entry's bytes.</summary>
    /// <param name="entry">The entry, as the index of the merged backup lists it.</param>
    /// <exception cref="ArchiveFormatException">There is no such volume.</exception>
    public SourceVolume Of(IndexEntry entry) =>
        _volumes.TryGetValue((entry.Backup ?? _source, entry.Volume), out var volume)
            ? volume
            : throw new ArchiveFormatException(
                $"The index of backup {_source} places {entry.Path} in volume {entry.Volume} of {entry.Backup ?? _source}, which there is not.")
            {
                Subject = entry.Path,
            };
}
