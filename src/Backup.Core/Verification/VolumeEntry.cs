using System.IO.Hashing;
using System.Runtime.InteropServices;
using Backup.Core.Archives;
using Backup.Core.Compression;

namespace Backup.Core.Verification;

/// <summary>What the index says of one entry of a volume, without its texts: those are as long as outsiders made them.</summary>
internal readonly record struct VolumeEntry(
    long Offset, long StoredBytes, long RawBytes, uint Crc32, CompressionMethod Method, ContentHash Digest, UInt128 PathHash)
{
    /// <summary>Keeps what is to be compared of an entry.</summary>
    public static VolumeEntry Of(IndexEntry entry) => new(
        entry.Offset, entry.StoredBytes, entry.RawBytes, entry.Crc32, entry.Method, entry.Digest, HashOf(entry.Path));

    /// <summary>Whether a path is the entry's.</summary>
    public bool IsAt(string path) => HashOf(path) == PathHash;

    /// <summary>The entry again, with the path that it was found to have.</summary>
    public IndexEntry ToIndexEntry(string path, int volume) => new()
    {
        Path = path,
        Volume = volume,
        Offset = Offset,
        Method = Method,
        StoredBytes = StoredBytes,
        RawBytes = RawBytes,
        Crc32 = Crc32,
        Digest = Digest,
    };

    private static UInt128 HashOf(string path) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(path.AsSpan()));
}
