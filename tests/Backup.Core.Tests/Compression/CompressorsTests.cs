using Backup.Core.Compression;
using Backup.Core.Errors;

namespace Backup.Core.Tests.Compression;

public sealed class CompressorsTests
{
    [Theory]
    [InlineData("zstd", 7, CompressionMethod.Zstandard, 7)]
    [InlineData("zstd", null, CompressionMethod.Zstandard, 1)]
    [InlineData("deflate", null, CompressionMethod.Deflate, 3)]
    [InlineData("none", null, CompressionMethod.None, 0)]
    [InlineData("none", 0, CompressionMethod.None, 0)]
    public void Create_KnownName_GivesItsCompressor(string name, int? level, CompressionMethod method, int expectedLevel)
    {
        var compressor = Compressors.Create(name, level);

        Assert.Equal((name, method, expectedLevel), (compressor.Name, compressor.Method, compressor.Level));
    }

    [Theory]
    [InlineData("gzip", null)]
    [InlineData("ZSTD", null)]
    [InlineData("", null)]
    [InlineData("none", 3)]
    [InlineData("zstd", 99)]
    [InlineData("deflate", 0)]
    public void Create_AnythingElse_IsTheCallersMistake(string name, int? level) =>
        Assert.ThrowsAny<ArgumentException>(() => Compressors.Create(name, level));

    [Fact]
    public void ForMethod_UnknownMethod_IsADamagedArchive() =>
        Assert.Throws<ArchiveFormatException>(() => Compressors.ForMethod((CompressionMethod)14));
}
