using Backup.Core.Errors;

namespace Backup.Core.Compression;

/// <summary>Packs the blocks of an entry independently of one another, so that several threads can pack one entry.</summary>
/// <remarks>
/// <para>Obligations of an implementation:</para>
/// <list type="bullet">
/// <item>The packed blocks of an entry, put one after another, are one valid stream of <see cref="Method"/>. The last block
/// ends it; an entry of no bytes is one last block of no bytes.</item>
/// <item>The same block at the same level always gives the same bytes: incremental backups rest on it.</item>
/// <item><see cref="Compress"/> may be called from several threads at once. Contexts and buffers are pooled inside.</item>
/// <item>Packed bytes come from outside: a stream that is damaged, cut short, followed by other bytes or not of this method makes
/// the reader throw <see cref="ArchiveFormatException"/>, and its window never costs more than <see cref="MaxWindowBytes"/>.
/// A cut between two blocks may pass, and stored bytes pass as they are: the entry's size and digest are for those.</item>
/// </list>
/// <para>The contract suite <c>CompressorContract</c> of the test kit checks all of this.</para>
/// </remarks>
public interface ICompressor
{
    /// <summary>The largest window, in bytes, that a decompressor may be made to hold: 8 MiB.</summary>
    const int MaxWindowBytes = 8 * 1024 * 1024;

    /// <summary>The name that the tool and the manifest use: <c>zstd</c>, <c>deflate</c>, <c>none</c>.</summary>
    string Name { get; }

    /// <summary>The level in force, in the codec's own scale; 0 where it has none.</summary>
    int Level { get; }

    /// <summary>What zip calls the packed stream.</summary>
    CompressionMethod Method { get; }

    /// <summary>The most bytes that a block of a given size can become.</summary>
    /// <param name="sourceBytes">The block's size in bytes, at least 0.</param>
    /// <returns>A size in bytes.</returns>
    int GetMaxCompressedBytes(int sourceBytes);

    /// <summary>Packs one block.</summary>
    /// <param name="source">The block; may be empty only when it is the last.</param>
    /// <param name="destination">At least <see cref="GetMaxCompressedBytes"/> bytes.</param>
    /// <param name="isLast">Whether the entry ends with this block.</param>
    /// <returns>How many bytes of <paramref name="destination"/> were written.</returns>
    int Compress(ReadOnlySpan<byte> source, Span<byte> destination, bool isLast);

    /// <summary>Opens the raw bytes of a packed stream.</summary>
    /// <param name="compressed">The packed bytes of one entry; disposed together with the returned stream.</param>
    /// <returns>A forward-only stream of raw bytes.</returns>
    Stream OpenDecompressor(Stream compressed);
}
