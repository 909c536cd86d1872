using System.Buffers.Binary;

namespace Backup.Core.Archives.Zip;

/// <summary>Reads little-endian fields one after another; the caller has made sure that they are there.</summary>
internal ref struct LittleEndianReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _source = source;

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => _source.Length;

    /// <summary>Reads two bytes.</summary>
    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(sizeof(ushort)));

    /// <summary>Reads four bytes.</summary>
    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(sizeof(uint)));

    /// <summary>Reads eight bytes.</summary>
    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(sizeof(ulong)));

    /// <summary>Takes bytes.</summary>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        var bytes = _source[..count];
        _source = _source[count..];
        return bytes;
    }
}
