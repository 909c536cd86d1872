using Backup.Core.Errors;

namespace Backup.Core.Compression;

/// <summary>The compressors that this library brings, by their names and by the zip methods they read.</summary>
public static class Compressors
{
    /// <summary>The name of <see cref="ZstandardCompressor"/>: <c>zstd</c>.</summary>
    public const string Zstandard = "zstd";

    /// <summary>The name of <see cref="DeflateCompressor"/>: <c>deflate</c>.</summary>
    public const string Deflate = "deflate";

    /// <summary>The name of <see cref="NoCompressor"/>: <c>none</c>.</summary>
    public const string None = "none";

    /// <summary>Creates the compressor of a name.</summary>
    /// <param name="name">One of <see cref="Zstandard"/>, <see cref="Deflate"/> and <see cref="None"/>.</param>
    /// <param name="level">The level in the codec's own scale; <see langword="null"/> takes the codec's default.</param>
    /// <returns>A compressor that may be shared between threads and runs.</returns>
    /// <exception cref="ArgumentException">There is no such compressor, or it has no levels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The codec has no such level.</exception>
    public static ICompressor Create(string name, int? level = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        switch (name)
        {
            case Zstandard:
                return new ZstandardCompressor(level ?? ZstandardCompressor.DefaultLevel);
            case Deflate:
                return new DeflateCompressor(level ?? DeflateCompressor.DefaultLevel);
            case None when level is null or 0:
                return new NoCompressor();
            case None:
                throw new ArgumentException($"The codec '{None}' has no levels, but level {level} was asked for.", nameof(level));
            default:
                throw new ArgumentException(
                    $"There is no codec '{name}'. Codecs are {Zstandard}, {Deflate} and {None}.", nameof(name));
        }
    }

    /// <summary>Creates the compressor that reads a zip method.</summary>
    /// <param name="method">The method, as an archive states it.</param>
    /// <returns>A compressor of the method's default level.</returns>
    /// <exception cref="ArchiveFormatException">The format knows no such method.</exception>
    public static ICompressor ForMethod(CompressionMethod method) => method switch
    {
        CompressionMethod.Zstandard => new ZstandardCompressor(),
        CompressionMethod.Deflate => new DeflateCompressor(),
        CompressionMethod.None => new NoCompressor(),
        _ => throw new ArchiveFormatException($"Compression method {(int)method} is none of 0 (none), 8 (deflate) and 93 (zstd)."),
    };
}
