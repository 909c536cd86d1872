using System.IO.Compression;

namespace Backup.Core.Compression;

/// <summary>Deflate (zip method 8), which every zip tool opens: each block is a run of its own that ends on a byte.</summary>
/// <remarks>
/// A block ends in a sync flush, the last one in the final deflate block (RFC 1951, section 3.2.3), so blocks that were packed
/// apart are one stream when put together. All members may be called from several threads at once.
/// </remarks>
public sealed class DeflateCompressor : ICompressor
{
    /// <summary>The level unless another is given: 3, since 6 and 9 take up to four times as long for 3 % less.</summary>
    public const int DefaultLevel = 3;

    /// <summary>The lowest level.</summary>
    public const int MinLevel = 1;

    /// <summary>The highest level.</summary>
    public const int MaxLevel = 9;

    // zlib-ng's level 1 may spend 9 bits on a byte that does not pack; the rest is for block headers and the flush.
    private const int ExpansionShift = 3;
    private const int FixedBytes = 64;

    private readonly ZLibCompressionOptions _options;

    /// <summary>Creates a compressor.</summary>
    /// <param name="level">From <see cref="MinLevel"/> (fast) to <see cref="MaxLevel"/> (small).</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is outside that range.</exception>
    public DeflateCompressor(int level = DefaultLevel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, MinLevel);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, MaxLevel);
        Level = level;
        _options = new ZLibCompressionOptions { CompressionLevel = level };
    }

    /// <inheritdoc/>
    public string Name => Compressors.Deflate;

    /// <inheritdoc/>
    public int Level { get; }

    /// <inheritdoc/>
    public CompressionMethod Method => CompressionMethod.Deflate;

    /// <summary>A final block of no bytes: what an empty stream is in deflate, where the framework writes nothing at all.</summary>
    private static ReadOnlySpan<byte> EmptyFinalBlock => [0x03, 0x00];

    /// <inheritdoc/>
    public int GetMaxCompressedBytes(int sourceBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sourceBytes);
        return checked(sourceBytes + (sourceBytes >> ExpansionShift) + FixedBytes);
    }

    /// <inheritdoc/>
    public unsafe int Compress(ReadOnlySpan<byte> source, Span<byte> destination, bool isLast)
    {
        BlockArguments.Check(this, source, destination, isLast);
        if (source.IsEmpty)
        {
            EmptyFinalBlock.CopyTo(destination);
            return EmptyFinalBlock.Length;
        }

        fixed (byte* start = destination)
        {
            using var output = new UnmanagedMemoryStream(start, 0, destination.Length, FileAccess.Write);
            var deflate = new DeflateStream(output, _options, leaveOpen: true);
            int flushed;
            using (deflate)
            {
                deflate.Write(source);
                if (!isLast)
                {
                    deflate.Flush();
                }

                flushed = (int)output.Position;
            }

            // Disposing ends the stream with a final block, which belongs behind the last run alone.
            return isLast ? (int)output.Position : flushed;
        }
    }

    /// <inheritdoc/>
    public Stream OpenDecompressor(Stream compressed)
    {
        ArgumentNullException.ThrowIfNull(compressed);
        return new DeflateReadStream(compressed);
    }
}
