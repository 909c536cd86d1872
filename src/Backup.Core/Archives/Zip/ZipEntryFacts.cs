using Backup.Core.Compression;

namespace Backup.Core.Archives.Zip;

/// <summary>What a zip header says of one entry.</summary>
/// <param name="Path">The entry's name.</param>
/// <param name="Method">How the data is packed.</param>
/// <param name="IsStreamed">Whether CRC and sizes follow the data in a descriptor.</param>
/// <param name="Crc32">The CRC-32 of the raw bytes.</param>
/// <param name="StoredBytes">The packed size in bytes.</param>
/// <param name="RawBytes">The raw size in bytes.</param>
/// <param name="Offset">Where the local header begins, in bytes.</param>
internal readonly record struct ZipEntryFacts(
    string Path, CompressionMethod Method, bool IsStreamed, uint Crc32, long StoredBytes, long RawBytes, long Offset);
