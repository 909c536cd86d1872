using Backup.Core.Compression;
using CsCheck;

namespace Backup.Core.Tests.Compression;

public sealed class CompressorPropertyTests
{
    private static readonly ICompressor[] All =
        [new ZstandardCompressor(1), new ZstandardCompressor(), new DeflateCompressor(1), new DeflateCompressor(), new NoCompressor()];

    /// <summary>Blocks that pack well, badly or not at all, none of them empty.</summary>
    private static readonly Gen<byte[]> Block = Gen.OneOf(
        Gen.Byte.Array[1, 3000],
        Gen.Byte[(byte)'a', (byte)'d'].Array[1, 20_000],
        Gen.Select(Gen.Byte, Gen.Int[1, 100_000], (value, length) => Enumerable.Repeat(value, length).ToArray()));

    [Fact]
    public void RoundTrip_AnyBytesSplitIntoAnyBlocks_GivesTheSameBytes() =>
        Gen.Select(Block.Array[0, 8], Gen.Int[0, All.Length - 1], Gen.Int[1, 50_000]).Sample(
            (blocks, index, readBytes) =>
            {
                var compressor = All[index];
                using var packed = new MemoryStream();
                for (var number = 0; number < Math.Max(blocks.Length, 1); number++)
                {
                    var block = number < blocks.Length ? blocks[number] : [];
                    var buffer = new byte[compressor.GetMaxCompressedBytes(block.Length)];
                    packed.Write(buffer, 0, compressor.Compress(block, buffer, isLast: number >= blocks.Length - 1));
                }

                packed.Position = 0;
                return Unpack(compressor, packed, readBytes).AsSpan().SequenceEqual(blocks.SelectMany(block => block).ToArray());
            },
            iter: 300);

    private static byte[] Unpack(ICompressor compressor, Stream packed, int readBytes)
    {
        using var stream = compressor.OpenDecompressor(packed);
        using var raw = new MemoryStream();
        var buffer = new byte[readBytes];
        int bytes;
        while ((bytes = stream.Read(buffer)) > 0)
        {
            raw.Write(buffer, 0, bytes);
        }

        return raw.ToArray();
    }
}
