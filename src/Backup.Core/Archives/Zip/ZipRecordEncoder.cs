using Backup.Core.Compression;

namespace Backup.Core.Archives.Zip;

/// <summary>Encodes the records of a volume. A field that does not fit moves to zip64, and only then.</summary>
/// <param name="Time">The moment of all entries.</param>
/// <param name="Zip64Limit">The first value that counts as too large for a 4-byte field: 0xFFFFFFFF, less in tests.</param>
internal readonly record struct ZipRecordEncoder(ZipTime Time, long Zip64Limit)
{
    private const uint Marker32 = uint.MaxValue;
    private const ushort Marker16 = ushort.MaxValue;
    private const int ExtraHeaderBytes = 4;
    private const int VersionStored = 10;
    private const int VersionDeflate = 20;
    private const int VersionZip64 = 45;
    private const int VersionZstandard = 63;

    /// <summary>Room for the largest record, apart from its name.</summary>
    public const int MaxFixedBytes = 128;

    /// <summary>Whether an entry of these sizes needs zip64 in its local header. A streamed one always has it: its sizes come later.</summary>
    public bool NeedsZip64(in ZipEntryFacts entry) =>
        entry.IsStreamed || entry.RawBytes >= Zip64Limit || entry.StoredBytes >= Zip64Limit;

    /// <summary>The size of a central directory header, at the most.</summary>
    public int DirectoryBytes(int nameBytes) =>
        ZipFormat.DirectoryBytes + nameBytes + ExtraHeaderBytes + 24 + Time.ExtraBytes;

    /// <summary>Encodes a local file header.</summary>
    public int Local(Span<byte> destination, in ZipEntryFacts entry, ReadOnlySpan<byte> name)
    {
        var zip64 = NeedsZip64(entry);
        var writer = new LittleEndianWriter(destination);
        writer.UInt32(ZipFormat.LocalSignature);
        WriteCommon(ref writer, entry, zip64);
        writer.UInt32(entry.IsStreamed ? 0 : entry.Crc32);
        writer.UInt32(zip64 ? Marker32 : (uint)entry.StoredBytes);
        writer.UInt32(zip64 ? Marker32 : (uint)entry.RawBytes);
        writer.UInt16(name.Length);
        writer.UInt16((zip64 ? ExtraHeaderBytes + 16 : 0) + Time.ExtraBytes);
        writer.Bytes(name);
        if (zip64)
        {
            writer.UInt16(ZipFormat.Zip64Extra);
            writer.UInt16(16);
            writer.UInt64(entry.IsStreamed ? 0 : entry.RawBytes);
            writer.UInt64(entry.IsStreamed ? 0 : entry.StoredBytes);
        }

        WriteTimestamp(ref writer);
        return writer.Written;
    }

    /// <summary>Encodes the descriptor that follows a streamed entry, with 8-byte sizes as its zip64 local header demands (4.3.9.2).</summary>
    public static int Descriptor(Span<byte> destination, uint crc32, long storedBytes, long rawBytes)
    {
        var writer = new LittleEndianWriter(destination);
        writer.UInt32(ZipFormat.DescriptorSignature);
        writer.UInt32(crc32);
        writer.UInt64(storedBytes);
        writer.UInt64(rawBytes);
        return writer.Written;
    }

    /// <summary>Encodes a central directory header.</summary>
    public int Directory(Span<byte> destination, in ZipEntryFacts entry, ReadOnlySpan<byte> name)
    {
        var rawMoves = entry.RawBytes >= Zip64Limit;
        var storedMoves = entry.StoredBytes >= Zip64Limit;
        var offsetMoves = entry.Offset >= Zip64Limit;
        var moved = (rawMoves ? 8 : 0) + (storedMoves ? 8 : 0) + (offsetMoves ? 8 : 0);
        var writer = new LittleEndianWriter(destination);
        writer.UInt32(ZipFormat.DirectorySignature);
        writer.UInt16(ZipFormat.MadeBy);
        WriteCommon(ref writer, entry, NeedsZip64(entry) || offsetMoves);
        writer.UInt32(entry.Crc32);
        writer.UInt32(storedMoves ? Marker32 : (uint)entry.StoredBytes);
        writer.UInt32(rawMoves ? Marker32 : (uint)entry.RawBytes);
        writer.UInt16(name.Length);
        writer.UInt16((moved > 0 ? ExtraHeaderBytes + moved : 0) + Time.ExtraBytes);
        writer.UInt16(0); // comment length
        writer.UInt16(0); // disk number
        writer.UInt16(0); // internal attributes
        writer.UInt32(ZipFormat.RegularFileMode);
        writer.UInt32(offsetMoves ? Marker32 : (uint)entry.Offset);
        writer.Bytes(name);
        if (moved > 0)
        {
            writer.UInt16(ZipFormat.Zip64Extra);
            writer.UInt16(moved);
            WriteIf(ref writer, rawMoves, entry.RawBytes);
            WriteIf(ref writer, storedMoves, entry.StoredBytes);
            WriteIf(ref writer, offsetMoves, entry.Offset);
        }

        WriteTimestamp(ref writer);
        return writer.Written;
    }

    /// <summary>Encodes what ends a volume: the zip64 records where a value needs them, then the end of central directory record.</summary>
    public int End(Span<byte> destination, in ZipEnd end)
    {
        var writer = new LittleEndianWriter(destination);
        if (end.Entries >= Marker16 || end.DirectoryBytes >= Zip64Limit || end.DirectoryOffset >= Zip64Limit)
        {
            writer.UInt32(ZipFormat.Zip64EndSignature);
            writer.UInt64(44); // bytes of this record after this field
            writer.UInt16(ZipFormat.MadeBy);
            writer.UInt16(VersionZip64);
            writer.UInt64(0); // both disk numbers
            writer.UInt64(end.Entries);
            writer.UInt64(end.Entries);
            writer.UInt64(end.DirectoryBytes);
            writer.UInt64(end.DirectoryOffset);
            writer.UInt32(ZipFormat.Zip64LocatorSignature);
            writer.UInt32(0);
            writer.UInt64(end.DirectoryOffset + end.DirectoryBytes);
            writer.UInt32(1); // number of disks
        }

        writer.UInt32(ZipFormat.EndSignature);
        writer.UInt32(0); // both disk numbers
        var count = (int)Math.Min(end.Entries, Marker16);
        writer.UInt16(count);
        writer.UInt16(count);
        writer.UInt32(end.DirectoryBytes >= Zip64Limit ? Marker32 : (uint)end.DirectoryBytes);
        writer.UInt32(end.DirectoryOffset >= Zip64Limit ? Marker32 : (uint)end.DirectoryOffset);
        writer.UInt16(0); // comment length
        return writer.Written;
    }

    private static int VersionNeeded(in ZipEntryFacts entry, bool zip64) => entry.Method switch
    {
        CompressionMethod.Zstandard => VersionZstandard,
        _ when zip64 => VersionZip64,
        CompressionMethod.None => VersionStored,
        _ => VersionDeflate,
    };

    private static void WriteIf(ref LittleEndianWriter writer, bool condition, long value)
    {
        if (condition)
        {
            writer.UInt64(value);
        }
    }

    private void WriteCommon(ref LittleEndianWriter writer, in ZipEntryFacts entry, bool zip64)
    {
        writer.UInt16(VersionNeeded(entry, zip64));
        writer.UInt16(ZipFormat.Utf8Flag | (entry.IsStreamed ? ZipFormat.DescriptorFlag : 0));
        writer.UInt16((int)entry.Method);
        writer.UInt16(Time.DosTime);
        writer.UInt16(Time.DosDate);
    }

    private void WriteTimestamp(ref LittleEndianWriter writer)
    {
        if (Time.UnixSeconds is { } seconds)
        {
            writer.UInt16(ZipFormat.TimestampExtra);
            writer.UInt16(5);
            writer.Byte(1); // modification time only
            writer.UInt32((uint)seconds);
        }
    }
}
