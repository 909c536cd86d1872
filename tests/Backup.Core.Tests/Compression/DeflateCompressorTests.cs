using System.IO.Compression;
using Backup.Core.Compression;
using Backup.TestKit.Contracts;

namespace Backup.Core.Tests.Compression;

public sealed class DeflateCompressorTests : CompressorContract
{
    protected override ICompressor Compressor { get; } = new DeflateCompressor();

    [Fact]
    public void Constructor_NoLevel_TakesThree() => Assert.Equal(3, new DeflateCompressor().Level);

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void Constructor_LevelOutsideTheRange_IsTheCallersMistake(int level) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeflateCompressor(level));

    [Fact]
    public void Compress_NoBytes_IsAFinalBlock()
    {
        var packed = new byte[Compressor.GetMaxCompressedBytes(0)];

        Assert.Equal(2, Compressor.Compress([], packed, isLast: true));
        Assert.Equal([0x03, 0x00], packed[..2]);
    }

    [Fact]
    public void Compress_BlockThatIsNotTheLast_EndsInASyncFlush()
    {
        var packed = new byte[Compressor.GetMaxCompressedBytes(500)];
        var bytes = Compressor.Compress(Text(500), packed, isLast: false);

        Assert.Equal([0x00, 0x00, 0xFF, 0xFF], packed[(bytes - 4)..bytes]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(9)]
    public void Compress_BlocksTogether_AreOneStreamForTheFramework(int level)
    {
        var compressor = new DeflateCompressor(level);
        foreach (var raw in new[] { Text(50_000), Noise(50_000, seed: 3) })
        {
            var packed = new byte[compressor.GetMaxCompressedBytes(raw.Length) * 2];
            var bytes = compressor.Compress(raw, packed, isLast: false);
            bytes += compressor.Compress(raw, packed.AsSpan(bytes), isLast: true);

            using var stream = new DeflateStream(new MemoryStream(packed, 0, bytes), CompressionMode.Decompress);
            using var unpacked = new MemoryStream();
            stream.CopyTo(unpacked);
            Assert.Equal([.. raw, .. raw], unpacked.ToArray());
        }
    }
}
