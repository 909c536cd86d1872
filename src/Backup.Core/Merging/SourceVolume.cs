using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Zip;
using Backup.Core.Errors;

namespace Backup.Core.Merging;

/// <summary>A volume that a merge reads, and how much of it is needed. Used by one caller at a time.</summary>
/// <param name="archive">The backup that it belongs to.</param>
/// <param name="record">What that says of it.</param>
/// <param name="ordinal">Its place among all volumes that are read.</param>
internal sealed class SourceVolume(ArchiveReader archive, VolumeRecord record, int ordinal)
{
    // From this part on, reading all of it for its SHA-256 costs less than unpacking what is needed of it for its digests.
    private const int WholeFromOneIn = 4;

    /// <summary>Its place among all volumes that are read.</summary>
    public int Ordinal => ordinal;

    /// <summary>What the manifest says of it.</summary>
    public VolumeRecord Record => record;

    /// <summary>Its number in its backup.</summary>
    public int Number { get; } = ArchiveNames.VolumeNumber(record.Name)!.Value;

    /// <summary>Its name in the sink.</summary>
    public string Name { get; } = ArchiveNames.InSink(archive.Manifest.Id, record.Name);

    /// <summary>Reads its records.</summary>
    public ZipVolumeReader Reader { get; } = archive.Volume(ArchiveNames.VolumeNumber(record.Name)!.Value);

    /// <summary>How many packed bytes of it are copied; its size where entries are copied several times.</summary>
    public long NeededBytes { get; private set; }

    /// <summary>Whether it is read from end to end, to be proven by its digest; otherwise each entry is, by its own.</summary>
    public bool IsReadWhole => NeededBytes >= Record.Bytes / WholeFromOneIn;

    /// <summary>Counts an entry that is to be copied.</summary>
    /// <param name="entry">The entry.</param>
    /// <exception cref="ArchiveFormatException">It does not lie inside the volume.</exception>
    public void Need(IndexEntry entry)
    {
        if (entry.Offset > Record.Bytes || entry.StoredBytes > Record.Bytes - entry.Offset)
        {
            throw new ArchiveFormatException(
                $"The index places {entry.Path}, of {entry.StoredBytes} bytes, at byte {entry.Offset} of {Name}, which has {Record.Bytes}.")
            {
                Subject = Name,
            };
        }

        NeededBytes = (long)UInt128.Min((UInt128)Record.Bytes, (UInt128)NeededBytes + (UInt128)entry.StoredBytes);
    }

    /// <summary>Where an entry ends at the latest: the sizes of its header are known only when it is read.</summary>
    /// <param name="entry">The entry, which lies inside the volume.</param>
    public long EndOf(IndexEntry entry)
    {
        const int MaxAround = ZipFormat.LocalBytes + ArchiveLimits.MaxPathBytes + ArchiveLimits.MaxExtraBytes + ZipFormat.DescriptorBytes;
        var room = Record.Bytes - entry.Offset - entry.StoredBytes;
        return entry.Offset + entry.StoredBytes + Math.Min(room, MaxAround);
    }
}
