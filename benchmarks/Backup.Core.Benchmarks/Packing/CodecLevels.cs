using Backup.Core.Benchmarks.Setup;
using Backup.Core.Compression;
using Backup.TestKit.Workloads;
using BenchmarkDotNet.Attributes;

namespace Backup.Core.Benchmarks.Packing;

/// <summary>Which codec and which level? One block of a megabyte of rows, one thread.</summary>
public class CodecLevels : MeasuredBenchmark
{
    private const int BlockBytes = 1024 * 1024;
    private byte[] _block = [];
    private byte[] _packed = [];
    private ICompressor _compressor = null!;

    /// <summary>Codec and level.</summary>
    [ParamsSource(nameof(Codecs))]
    public CodecLevel Codec { get; set; }

    /// <summary>The values of <see cref="Codec"/>.</summary>
    public static IEnumerable<CodecLevel> Codecs =>
    [
        new(Compressors.None, null),
        .. ((int[])[1, 2, 3, 4, 6, 9, 12, 15, 19]).Select(level => new CodecLevel(Compressors.Zstandard, level)),
        .. Enumerable.Range(1, 9).Select(level => new CodecLevel(Compressors.Deflate, level)),
    ];

    /// <inheritdoc/>
    public override Task SetUpAsync()
    {
        _compressor = Compressors.Create(Codec.Name, Codec.Level);
        _block = new DocsTable().MakeRows(BlockBytes)[..BlockBytes];
        _packed = new byte[_compressor.GetMaxCompressedBytes(BlockBytes)];
        return Task.CompletedTask;
    }

    /// <summary>Packs the block.</summary>
    [Benchmark]
    public int Pack()
    {
        var stored = _compressor.Compress(_block, _packed, isLast: true);
        Processed(BlockBytes, stored);
        return stored;
    }
}
