using System.Text;
using Backup.Core.Compression;
using Backup.Core.Errors;

namespace Backup.Core.Archives.Zip;

/// <summary>Decodes the records of a volume and refuses what format 1 does not write: encryption, comments, several disks, other methods.</summary>
/// <param name="subject">The volume, for messages.</param>
internal sealed class ZipRecordDecoder(string subject)
{
    private const uint Marker32 = uint.MaxValue;
    private const ushort Marker16 = ushort.MaxValue;
    private const ushort KnownFlags = ZipFormat.DescriptorFlag | ZipFormat.Utf8Flag;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The sizes of what follows the fixed part of a header.</summary>
    /// <param name="NameBytes">The name.</param>
    /// <param name="ExtraBytes">The extra field.</param>
    internal readonly record struct VariableParts(int NameBytes, int ExtraBytes)
    {
        /// <summary>Both together.</summary>
        public int Total => NameBytes + ExtraBytes;
    }

    /// <summary>Reads how long the name and the extra field of a local header are.</summary>
    /// <param name="fixedPart">The first <see cref="ZipFormat.LocalBytes"/> bytes.</param>
    /// <param name="offset">Where they lie, for messages.</param>
    public VariableParts LocalParts(ReadOnlySpan<byte> fixedPart, long offset)
    {
        var reader = new LittleEndianReader(fixedPart);
        Require(reader.UInt32() == ZipFormat.LocalSignature, offset, "no local file header");
        reader.Bytes(22);
        return Bounded(reader.UInt16(), reader.UInt16(), offset);
    }

    /// <summary>Decodes a local header.</summary>
    /// <param name="record">All of it.</param>
    /// <param name="offset">Where it lies.</param>
    public ZipEntryFacts Local(ReadOnlySpan<byte> record, long offset)
    {
        var parts = LocalParts(record, offset);
        var reader = new LittleEndianReader(record);
        reader.Bytes(6);
        var (method, isStreamed) = Common(ref reader, offset);
        var crc32 = reader.UInt32();
        var stored = reader.UInt32();
        var raw = reader.UInt32();
        reader.Bytes(4);
        var path = Path(reader.Bytes(parts.NameBytes), offset);
        var zip64 = FindZip64(reader.Bytes(parts.ExtraBytes), offset);
        var sizes = new Zip64Fields(zip64);
        var rawBytes = sizes.Take(raw);
        var storedBytes = sizes.Take(stored);
        Require(sizes.IsSpent, offset, "a zip64 field that does not fit its header");
        Require(!isStreamed || !zip64.IsEmpty, offset, "a streamed entry without zip64");
        Require(!isStreamed || (crc32 | rawBytes | storedBytes) == 0, offset, "a streamed entry with sizes before its data");
        return new ZipEntryFacts(path, method, isStreamed, crc32, storedBytes, rawBytes, offset);
    }

    /// <summary>Reads how long the name and the extra field of a central directory header are.</summary>
    /// <param name="fixedPart">The first <see cref="ZipFormat.DirectoryBytes"/> bytes.</param>
    /// <param name="position">Where they lie, for messages.</param>
    public VariableParts DirectoryParts(ReadOnlySpan<byte> fixedPart, long position)
    {
        var reader = new LittleEndianReader(fixedPart);
        Require(reader.UInt32() == ZipFormat.DirectorySignature, position, "no central directory header");
        reader.Bytes(24);
        var parts = Bounded(reader.UInt16(), reader.UInt16(), position);
        Require(reader.UInt16() == 0 && reader.UInt16() == 0, position, "a comment or another disk");
        return parts;
    }

    /// <summary>Decodes a central directory header.</summary>
    /// <param name="record">All of it.</param>
    /// <param name="position">Where it lies.</param>
    public ZipEntryFacts Directory(ReadOnlySpan<byte> record, long position)
    {
        var parts = DirectoryParts(record, position);
        var reader = new LittleEndianReader(record);
        reader.Bytes(8);
        var (method, isStreamed) = Common(ref reader, position);
        var crc32 = reader.UInt32();
        var stored = reader.UInt32();
        var raw = reader.UInt32();
        reader.Bytes(10);
        Require(reader.UInt32() == ZipFormat.RegularFileMode, position, "an entry that is no regular file");
        var offset = reader.UInt32();
        var path = Path(reader.Bytes(parts.NameBytes), position);
        var fields = new Zip64Fields(FindZip64(reader.Bytes(parts.ExtraBytes), position));
        var rawBytes = fields.Take(raw);
        var storedBytes = fields.Take(stored);
        var entryOffset = fields.Take(offset);
        Require(
            fields.IsSpent && rawBytes >= 0 && storedBytes >= 0 && entryOffset >= 0,
            position,
            "a zip64 field that does not fit its header");
        return new ZipEntryFacts(path, method, isStreamed, crc32, storedBytes, rawBytes, entryOffset);
    }

    /// <summary>Decodes the end of a volume.</summary>
    /// <param name="tail">The last bytes: as many as the end records can have, or the whole volume where it is smaller.</param>
    /// <param name="volumeBytes">The volume's size in bytes.</param>
    /// <exception cref="ArchiveFormatException">It is no end, or does not describe a directory that ends where it begins.</exception>
    public ZipEnd End(ReadOnlySpan<byte> tail, long volumeBytes)
    {
        var position = volumeBytes - ZipFormat.EndBytes;
        Require(tail.Length >= ZipFormat.EndBytes, Math.Max(0, position), "no end of central directory record");
        var reader = new LittleEndianReader(tail[^ZipFormat.EndBytes..]);
        Require(reader.UInt32() == ZipFormat.EndSignature && reader.UInt32() == 0, position, "no end of central directory record");
        var count = reader.UInt16();
        Require(reader.UInt16() == count, position, "an end record with two counts");
        var size = reader.UInt32();
        var offset = reader.UInt32();
        Require(reader.UInt16() == 0, position, "a comment");

        var end = new ZipEnd(count, offset, size);
        var directoryEnd = position;
        if (count == Marker16 || size == Marker32 || offset == Marker32)
        {
            Require(tail.Length >= ZipFormat.EndBytes + ZipFormat.Zip64EndBytes, position, "no zip64 end record");
            directoryEnd = position - ZipFormat.Zip64EndBytes;
            var zip64 = Zip64End(tail[^(ZipFormat.EndBytes + ZipFormat.Zip64EndBytes)..], directoryEnd);
            Require(
                (count == Marker16 || count == zip64.Entries) && (size == Marker32 || size == zip64.DirectoryBytes)
                && (offset == Marker32 || offset == zip64.DirectoryOffset),
                position,
                "an end record that contradicts its zip64 record");
            end = zip64;
        }

        Require(
            end.Entries is >= 0 and <= ArchiveLimits.MaxEntriesPerVolume && end.DirectoryOffset >= 0 && end.DirectoryBytes >= 0
            && end.DirectoryOffset <= directoryEnd && directoryEnd - end.DirectoryOffset == end.DirectoryBytes
            && end.DirectoryBytes >= end.Entries * ZipFormat.DirectoryBytes,
            position,
            "an end record whose directory cannot be");
        return end;
    }

    /// <summary>Makes the exception for a record that is not as it must be.</summary>
    /// <param name="position">Where it lies.</param>
    /// <param name="what">What is there.</param>
    public ArchiveFormatException Damaged(long position, string what) =>
        new($"{subject} has {what} at byte {position}.") { Subject = subject };

    private ZipEnd Zip64End(ReadOnlySpan<byte> records, long position)
    {
        var reader = new LittleEndianReader(records);
        Require(reader.UInt32() == ZipFormat.Zip64EndSignature && reader.UInt64() == 44, position, "no zip64 end record");
        reader.Bytes(4);
        Require(reader.UInt64() == 0, position, "another disk");
        var entries = (long)reader.UInt64();
        Require((long)reader.UInt64() == entries, position, "a zip64 end record with two counts");
        var size = (long)reader.UInt64();
        var offset = (long)reader.UInt64();
        Require(
            reader.UInt32() == ZipFormat.Zip64LocatorSignature && reader.UInt32() == 0
            && (long)reader.UInt64() == position && reader.UInt32() == 1,
            position + 56,
            "no zip64 end locator");
        return new ZipEnd(entries, offset, size);
    }

    private (CompressionMethod Method, bool IsStreamed) Common(ref LittleEndianReader reader, long position)
    {
        var flags = reader.UInt16();
        Require((flags & ~KnownFlags) == 0 && (flags & ZipFormat.Utf8Flag) != 0, position, $"the flags 0x{flags:x4}");
        var method = (CompressionMethod)reader.UInt16();
        Require(
            method is CompressionMethod.None or CompressionMethod.Deflate or CompressionMethod.Zstandard,
            position,
            $"the compression method {(int)method}");
        reader.Bytes(4); // time and date
        return (method, (flags & ZipFormat.DescriptorFlag) != 0);
    }

    private VariableParts Bounded(int nameBytes, int extraBytes, long position)
    {
        Require(nameBytes is > 0 and <= ArchiveLimits.MaxPathBytes, position, $"a name of {nameBytes} bytes");
        Require(extraBytes <= ArchiveLimits.MaxExtraBytes, position, $"an extra field of {extraBytes} bytes");
        return new VariableParts(nameBytes, extraBytes);
    }

    private string Path(ReadOnlySpan<byte> name, long position)
    {
        try
        {
            var path = StrictUtf8.GetString(name);
            Require(EntryPaths.IsValid(path), position, "a name that could leave its folder");
            return path;
        }
        catch (DecoderFallbackException exception)
        {
            throw new ArchiveFormatException($"{subject} has a name that is no UTF-8 at byte {position}.", exception) { Subject = subject };
        }
    }

    private ReadOnlySpan<byte> FindZip64(ReadOnlySpan<byte> extra, long position)
    {
        var found = ReadOnlySpan<byte>.Empty;
        var reader = new LittleEndianReader(extra);
        while (reader.Remaining > 0)
        {
            Require(reader.Remaining >= 4, position, "an extra field that is cut short");
            var id = reader.UInt16();
            var size = reader.UInt16();
            Require(reader.Remaining >= size, position, "an extra field that is cut short");
            var data = reader.Bytes(size);
            if (id == ZipFormat.Zip64Extra)
            {
                Require(found.IsEmpty && data.Length is 8 or 16 or 24, position, "a zip64 field that does not fit its header");
                found = data;
            }
        }

        return found;
    }

    private void Require(bool condition, long position, string otherwise)
    {
        if (!condition)
        {
            throw Damaged(position, otherwise);
        }
    }

    /// <summary>The 8-byte values of a zip64 field, which stand in for those header fields that hold the marker, in their order.</summary>
    private ref struct Zip64Fields(ReadOnlySpan<byte> data)
    {
        private LittleEndianReader _reader = new(data);
        private bool _isShort;

        public readonly bool IsSpent => !_isShort && _reader.Remaining == 0;

        public long Take(uint field)
        {
            if (field != Marker32)
            {
                return field;
            }

            if (_reader.Remaining < sizeof(ulong))
            {
                _isShort = true;
                return -1;
            }

            return (long)_reader.UInt64();
        }
    }
}
