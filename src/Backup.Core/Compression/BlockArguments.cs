namespace Backup.Core.Compression;

/// <summary>What every compressor asks of the arguments of <see cref="ICompressor.Compress"/>.</summary>
internal static class BlockArguments
{
    /// <summary>Throws where a block or its destination breaks the contract.</summary>
    public static void Check(ICompressor compressor, ReadOnlySpan<byte> source, Span<byte> destination, bool isLast)
    {
        if (source.IsEmpty && !isLast)
        {
            throw new ArgumentException("Only the last block of an entry may be empty.", nameof(source));
        }

        var needed = compressor.GetMaxCompressedBytes(source.Length);
        if (destination.Length < needed)
        {
            throw new ArgumentException(
                $"A block of {source.Length} bytes needs room for {needed} bytes, but there is room for {destination.Length}.",
                nameof(destination));
        }
    }
}
