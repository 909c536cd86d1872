namespace Backup.Core.Archives;

/// <summary>What is known of an entry once its raw bytes have been seen.</summary>
/// <param name="RawBytes">The raw size in bytes.</param>
/// <param name="Crc32">The CRC-32 of the raw bytes, as zip defines it.</param>
/// <param name="Digest">The digest of the raw bytes.</param>
internal readonly record struct EntryContent(long RawBytes, uint Crc32, ContentHash Digest)
{
    /// <summary>Looks at raw bytes that are all there.</summary>
    /// <param name="raw">The bytes.</param>
    public static EntryContent Of(ReadOnlySpan<byte> raw) =>
        new(raw.Length, System.IO.Hashing.Crc32.HashToUInt32(raw), ContentHash.Compute(raw));
}
