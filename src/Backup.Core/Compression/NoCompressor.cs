namespace Backup.Core.Compression;

/// <summary>Stores bytes as they are (zip method 0), for data that is packed already.</summary>
public sealed class NoCompressor : ICompressor
{
    /// <inheritdoc/>
    public string Name => Compressors.None;

    /// <inheritdoc/>
    public int Level => 0;

    /// <inheritdoc/>
    public CompressionMethod Method => CompressionMethod.None;

    /// <inheritdoc/>
    public int GetMaxCompressedBytes(int sourceBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sourceBytes);
        return sourceBytes;
    }

    /// <inheritdoc/>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> destination, bool isLast)
    {
        BlockArguments.Check(this, source, destination, isLast);
        source.CopyTo(destination);
        return source.Length;
    }

    /// <inheritdoc/>
    /// <remarks>Stored bytes carry no end of their own: whoever reads them compares their size and digest.</remarks>
    public Stream OpenDecompressor(Stream compressed)
    {
        ArgumentNullException.ThrowIfNull(compressed);
        return compressed;
    }
}
