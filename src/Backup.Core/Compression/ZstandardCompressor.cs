using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Backup.Core.Compression;

/// <summary>Zstandard (zip method 93): each block becomes a frame of its own that states its size.</summary>
/// <remarks>
/// Frames put one after another are one stream (RFC 8878, section 3), which 7-Zip and bsdtar accept inside a zip.
/// Contexts are pooled; all members may be called from several threads at once.
/// </remarks>
public sealed class ZstandardCompressor : ICompressor
{
    /// <summary>The level unless another is given: 1. Rows of numbers, keys and times are not smaller at 3, which takes nearly
    /// twice the processor; prose is by a tenth.</summary>
    public const int DefaultLevel = 1;

    /// <summary>The lowest level.</summary>
    public const int MinLevel = 1;

    /// <summary>The highest level.</summary>
    public const int MaxLevel = 22;

    internal const int MaxWindowLog = 23;

    // Above this level the library chooses windows that a reader must refuse (ICompressor.MaxWindowBytes).
    private const int LastLevelWithinWindow = 19;

    private readonly ContextPool<Compressor> _compressors;
    private readonly ContextPool<Decompressor> _decompressors;

    /// <summary>Creates a compressor.</summary>
    /// <param name="level">From <see cref="MinLevel"/> (fast) to <see cref="MaxLevel"/> (small).</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is outside that range.</exception>
    public ZstandardCompressor(int level = DefaultLevel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, MinLevel);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, MaxLevel);
        Level = level;
        _compressors = new ContextPool<Compressor>(CreateContext, Environment.ProcessorCount);
        _decompressors = new ContextPool<Decompressor>(CreateDecompressor, Environment.ProcessorCount);
    }

    /// <inheritdoc/>
    public string Name => Compressors.Zstandard;

    /// <inheritdoc/>
    public int Level { get; }

    /// <inheritdoc/>
    public CompressionMethod Method => CompressionMethod.Zstandard;

    /// <inheritdoc/>
    public int GetMaxCompressedBytes(int sourceBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sourceBytes);
        return checked((int)Compressor.GetCompressBoundLong((ulong)sourceBytes));
    }

    /// <inheritdoc/>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> destination, bool isLast)
    {
        BlockArguments.Check(this, source, destination, isLast);
        var context = _compressors.Rent();
        int written;
        try
        {
            written = context.Wrap(source, destination);
        }
        catch
        {
            context.Dispose();
            throw;
        }

        _compressors.Return(context);
        return written;
    }

    /// <inheritdoc/>
    public Stream OpenDecompressor(Stream compressed)
    {
        ArgumentNullException.ThrowIfNull(compressed);
        return new ZstandardReadStream(compressed, _decompressors);
    }

    private Compressor CreateContext()
    {
        var context = new Compressor(Level);
        if (Level > LastLevelWithinWindow)
        {
            context.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, MaxWindowLog);
        }

        return context;
    }

    private static Decompressor CreateDecompressor()
    {
        var context = new Decompressor();
        context.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);
        return context;
    }
}
