namespace Backup.Core.Compression;

/// <summary>How the bytes of a zip entry are packed: the values of the field <c>compression method</c>.</summary>
/// <remarks>Source: PKWARE APPNOTE 6.3.10, section 4.4.5.</remarks>
public enum CompressionMethod
{
    /// <summary>Stored as they are (method 0).</summary>
    None = 0,

    /// <summary>Deflate (method 8), which every zip tool opens.</summary>
    Deflate = 8,

    /// <summary>Zstandard (method 93), which 7-Zip and bsdtar open and Info-ZIP's unzip does not.</summary>
    Zstandard = 93,
}
