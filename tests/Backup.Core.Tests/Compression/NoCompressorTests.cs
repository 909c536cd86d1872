using Backup.Core.Compression;
using Backup.TestKit.Contracts;

namespace Backup.Core.Tests.Compression;

public sealed class NoCompressorTests : CompressorContract
{
    protected override ICompressor Compressor { get; } = new NoCompressor();

    protected override bool FindsDamage => false;

    [Fact]
    public void Compress_Block_IsTheBlock() => Assert.Equal(Noise(100, seed: 2), Pack(Noise(100, seed: 2), blockBytes: 7));
}
