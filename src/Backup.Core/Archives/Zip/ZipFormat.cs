namespace Backup.Core.Archives.Zip;

/// <summary>The constants of the zip records that a volume is made of.</summary>
/// <remarks>Source: PKWARE APPNOTE 6.3.10, section 4; the extended timestamp is Info-ZIP's (extrafld.txt).</remarks>
internal static class ZipFormat
{
    /// <summary>Signature of a local file header (4.3.7).</summary>
    public const uint LocalSignature = 0x04034b50;

    /// <summary>Signature of a data descriptor (4.3.9).</summary>
    public const uint DescriptorSignature = 0x08074b50;

    /// <summary>Signature of a central directory header (4.3.12).</summary>
    public const uint DirectorySignature = 0x02014b50;

    /// <summary>Signature of the end of central directory record (4.3.16).</summary>
    public const uint EndSignature = 0x06054b50;

    /// <summary>Signature of the zip64 end of central directory record (4.3.14).</summary>
    public const uint Zip64EndSignature = 0x06064b50;

    /// <summary>Signature of the zip64 end of central directory locator (4.3.15).</summary>
    public const uint Zip64LocatorSignature = 0x07064b50;

    /// <summary>Bytes of a local file header before the name.</summary>
    public const int LocalBytes = 30;

    /// <summary>Bytes of a data descriptor with 8-byte sizes.</summary>
    public const int DescriptorBytes = 24;

    /// <summary>Bytes of a central directory header before the name.</summary>
    public const int DirectoryBytes = 46;

    /// <summary>Bytes of the end of central directory record without a comment.</summary>
    public const int EndBytes = 22;

    /// <summary>Bytes of the zip64 end of central directory record and its locator.</summary>
    public const int Zip64EndBytes = 56 + 20;

    /// <summary>General purpose bit 3: CRC and sizes follow the data.</summary>
    public const ushort DescriptorFlag = 1 << 3;

    /// <summary>General purpose bit 11: the name is UTF-8.</summary>
    public const ushort Utf8Flag = 1 << 11;

    /// <summary>Extra field: zip64 extended information (4.5.3).</summary>
    public const ushort Zip64Extra = 0x0001;

    /// <summary>Extra field: Info-ZIP's extended timestamp, UTC seconds.</summary>
    public const ushort TimestampExtra = 0x5455;

    /// <summary>Made by version 6.3 on Unix (4.4.2), so that extractors take the mode from the external attributes.</summary>
    public const ushort MadeBy = (3 << 8) | 63;

    /// <summary>A regular file, <c>rw-r--r--</c>, in the upper half of the external attributes.</summary>
    public const uint RegularFileMode = 0x81A4u << 16;
}
