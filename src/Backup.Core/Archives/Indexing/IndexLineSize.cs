using System.Buffers;
using System.Text;
using System.Text.Json;
using Backup.Core.ObjectStores;

namespace Backup.Core.Archives.Indexing;

/// <summary>Says how large an entry's line of the index is, and whether it can be written at all.</summary>
internal static class IndexLineSize
{
    // Property names, numbers and digests of a line, all as long as they can be; and the objects that hold an entry in memory.
    private const int FixedBytes = 600;

    // A control character or half of a pair, written as \u001f.
    private const int MostBytesPerCharacter = 6;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Says whether an entry's line keeps to <see cref="ArchiveLimits.MaxIndexLineBytes"/> and its texts are valid UTF-16.</summary>
    /// <param name="header">The entry.</param>
    public static bool Fits(in EntryHeader header)
    {
        var characters = CharactersOf(header.Path, header.Name, header.Object);
        return characters <= ArchiveLimits.MaxIndexLineBytes
            && IsValidText(header.Path) && IsValidText(header.Name) && IsValid(header.Object)
            && (FixedBytes + (characters * MostBytesPerCharacter) <= ArchiveLimits.MaxIndexLineBytes
                || Measure(LongestOf(header)) <= ArchiveLimits.MaxIndexLineBytes);
    }

    /// <summary>Says the same of an entry that is known wholly.</summary>
    /// <param name="entry">The entry.</param>
    public static bool Fits(IndexEntry entry)
    {
        var characters = CharactersOf(entry);
        return characters <= ArchiveLimits.MaxIndexLineBytes
            && IsValidText(entry.Path) && IsValidText(entry.Name) && IsValidText(entry.EntryPath) && IsValid(entry.Object)
            && (FixedBytes + (characters * MostBytesPerCharacter) <= ArchiveLimits.MaxIndexLineBytes
                || Measure(entry) <= ArchiveLimits.MaxIndexLineBytes);
    }

    /// <summary>About how much memory an entry takes until its part is packed, in bytes.</summary>
    /// <param name="entry">The entry.</param>
    public static long MemoryOf(IndexEntry entry) => FixedBytes + (sizeof(char) * CharactersOf(entry));

    private static long CharactersOf(IndexEntry entry) => CharactersOf(entry.Path, entry.Name, entry.Object) + (entry.EntryPath?.Length ?? 0);

    private static long CharactersOf(string path, string? name, StoredObject? stored) =>
        (long)path.Length + (name?.Length ?? 0) + (stored?.Characters ?? 0);

    private static bool IsValid(StoredObject? stored) => stored is null
        || (IsValidText(stored.Bucket) && IsValidText(stored.Name) && IsValidText(stored.Id) && IsValidText(stored.ETag)
            && IsValidText(stored.Version) && IsValidText(stored.ContentType) && IsValidText(stored.CacheControl)
            && IsValidText(stored.RobotsTag) && IsValidText(stored.UserMetadata) && IsValidText(stored.OwnerId));

    private static bool IsValidText(string? text)
    {
        try
        {
            return text is null || Ascii.IsValid(text) || StrictUtf8.GetByteCount(text) > 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    private static IndexEntry LongestOf(in EntryHeader header) => new()
    {
        Path = header.Path,
        Name = header.Name,
        Volume = int.MaxValue,
        Offset = long.MaxValue,
        Method = header.Method,
        RawBytes = long.MaxValue,
        StoredBytes = long.MaxValue,
        Crc32 = uint.MaxValue,
        Digest = ContentHash.Empty,
        Object = header.Object,
    };

    private static int Measure(IndexEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, IndexLine.WriterOptions);
        IndexLine.Write(entry, json, buffer);
        return buffer.WrittenCount - 1;
    }
}
