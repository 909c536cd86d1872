using System.Buffers.Binary;

namespace Backup.Core.Archives.Zip;

/// <summary>Writes little-endian fields one after another into a span that is large enough.</summary>
internal ref struct LittleEndianWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>How many bytes have been written.</summary>
    public int Written { get; private set; }

    /// <summary>Writes two bytes.</summary>
    public void UInt16(int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_destination[Written..], (ushort)value);
        Written += sizeof(ushort);
    }

    /// <summary>Writes four bytes.</summary>
    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_destination[Written..], value);
        Written += sizeof(uint);
    }

    /// <summary>Writes eight bytes.</summary>
    public void UInt64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_destination[Written..], value);
        Written += sizeof(long);
    }

    /// <summary>Writes one byte.</summary>
    public void Byte(byte value) => _destination[Written++] = value;

    /// <summary>Copies bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_destination[Written..]);
        Written += value.Length;
    }
}
