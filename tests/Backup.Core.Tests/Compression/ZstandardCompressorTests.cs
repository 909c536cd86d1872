using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.TestKit.Contracts;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Backup.Core.Tests.Compression;

public sealed class ZstandardCompressorTests : CompressorContract
{
    protected override ICompressor Compressor { get; } = new ZstandardCompressor();

    [Fact]
    public void Constructor_NoLevel_TakesOne() => Assert.Equal(1, new ZstandardCompressor().Level);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(23)]
    public void Constructor_LevelOutsideTheRange_IsTheCallersMistake(int level) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZstandardCompressor(level));

    [Fact]
    public void Compress_Block_IsAFrameThatStatesItsSize()
    {
        var raw = Text(5000);
        var packed = new byte[Compressor.GetMaxCompressedBytes(raw.Length)];
        var bytes = Compressor.Compress(raw, packed, isLast: false);

        Assert.Equal(0xFD2FB528u, BitConverter.ToUInt32(packed));
        Assert.Equal(5000ul, Decompressor.GetDecompressedSize(packed.AsSpan(0, bytes)));
    }

    [Fact]
    public async Task Compress_HighestLevelAndABlockAboveTheWindow_CanBeReadBack()
    {
        var raw = new byte[ICompressor.MaxWindowBytes + 1000];
        Text(100_000).CopyTo(raw, 0);
        Text(100_000).CopyTo(raw, raw.Length - 100_000);
        var compressor = new ZstandardCompressor(20);
        var packed = new byte[compressor.GetMaxCompressedBytes(raw.Length)];
        var bytes = compressor.Compress(raw, packed, isLast: true);

        Assert.Equal(raw, await UnpackAsync(new MemoryStream(packed, 0, bytes)));
    }

    [Fact]
    public async Task OpenDecompressor_WindowAboveTheLimit_IsRefused()
    {
        // A frame header that asks for a window of 2^30 bytes: magic, descriptor without a size, window exponent 20 (2^(10+20)).
        byte[] packed = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 20 << 3, 0x01, 0x00, 0x00];

        await Assert.ThrowsAsync<ArchiveFormatException>(() => UnpackAsync(new MemoryStream(packed)));
    }

    [Fact]
    public async Task OpenDecompressor_LargeFrameOfAnotherWriter_IsReadInSmallPieces()
    {
        var raw = Text(3_000_000);
        using var other = new Compressor(3);
        other.SetParameter(ZSTD_cParameter.ZSTD_c_contentSizeFlag, 0);
        other.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);

        Assert.Equal(raw, await UnpackAsync(new MemoryStream(other.Wrap(raw).ToArray())));
    }
}
