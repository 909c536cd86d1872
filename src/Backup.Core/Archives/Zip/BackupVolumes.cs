using Backup.Core.Archives.Manifest;
using Backup.Core.Sinks;

namespace Backup.Core.Archives.Zip;

/// <summary>The volumes of one committed backup by their numbers. Several threads may ask at once.</summary>
internal sealed class BackupVolumes(IBackupSink sink, BackupId id, IReadOnlyList<VolumeRecord> volumes)
{
    // Manifests that were read name every volume so that it has a number, and no two the same.
    private readonly Dictionary<int, VolumeRecord> _byNumber = volumes.ToDictionary(volume => ArchiveNames.VolumeNumber(volume.Name)!.Value);

    /// <summary>Gives the reader of a volume.</summary>
    /// <param name="number">The volume's number.</param>
    /// <returns>The reader; <see langword="null"/> where the backup has no such volume.</returns>
    public ZipVolumeReader? Find(int number) =>
        FindRecord(number) is { } volume ? new ZipVolumeReader(sink, ArchiveNames.InSink(id, volume.Name), volume.Bytes) : null;

    /// <summary>Gives what the manifest says of a volume.</summary>
    /// <param name="number">The volume's number.</param>
    /// <returns>The record; <see langword="null"/> where the backup has no such volume.</returns>
    public VolumeRecord? FindRecord(int number) => _byNumber.GetValueOrDefault(number);
}
