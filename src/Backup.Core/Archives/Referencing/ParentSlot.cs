using Backup.Core.Compression;

namespace Backup.Core.Archives.Referencing;

/// <summary>An entry of a <see cref="ParentPart"/> without its texts, which are referred to by their numbers.</summary>
/// <param name="Digest">The digest of the raw bytes.</param>
/// <param name="Mark">What tells versions of an object apart, its size included; only the size in other entries.</param>
/// <param name="Offset">Where the entry begins in its volume.</param>
/// <param name="StoredBytes">The packed size.</param>
/// <param name="Crc32">The CRC-32 of the raw bytes.</param>
/// <param name="Volume">The number of the volume.</param>
/// <param name="Path">The number of its path there; <see cref="None"/> when it is the one that is expected.</param>
/// <param name="Properties">The number of the object's properties; <see cref="None"/> when there are none.</param>
/// <param name="Backup">The number of the backup that holds it; <see cref="None"/> when it is the parent.</param>
/// <param name="Method">How the bytes are packed.</param>
internal readonly record struct ParentSlot(
    ContentHash Digest,
    ObjectMark Mark,
    long Offset,
    long StoredBytes,
    uint Crc32,
    int Volume,
    int Path,
    int Properties,
    int Backup,
    CompressionMethod Method)
{
    /// <summary>The number of nothing.</summary>
    public const int None = -1;
}
