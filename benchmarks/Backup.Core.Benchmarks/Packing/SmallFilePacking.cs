using System.IO.Compression;
using Backup.Core.Benchmarks.Setup;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.TestKit;
using Backup.TestKit.Sinks;
using Backup.TestKit.Workloads;
using BenchmarkDotNet.Attributes;

namespace Backup.Core.Benchmarks.Packing;

/// <summary>What does a small file cost? A folder of 1,000 files of 1 to 64 KiB, packed into nowhere.</summary>
public class SmallFilePacking : MeasuredBenchmark
{
    private const int Files = 1000;
    private readonly TemporaryFolder _folder = new();
    private long _bytes;

    /// <inheritdoc/>
    public override async Task SetUpAsync() => _bytes = await FileSet.CreateSmallAsync(_folder["bucket"], Files);

    /// <summary>.NET's own way.</summary>
    [Benchmark(Baseline = true)]
    public async Task ZipFile_Fastest()
    {
        var sink = new DiscardingSink();
        await using var output = new SinkStream(await sink.CreateAsync("zip"));
        await ZipFile.CreateFromDirectoryAsync(_folder.Path, output, CompressionLevel.Fastest, includeBaseDirectory: false);
        Processed(_bytes, sink.Bytes);
    }

    /// <summary>A backup of the folder as a bucket, packed with deflate.</summary>
    [Benchmark]
    public async Task Backup_Deflate() => Processed(_bytes, await BackUpAsync("deflate"));

    /// <summary>The same with zstd.</summary>
    [Benchmark]
    public async Task Backup_Zstd() => Processed(_bytes, await BackUpAsync("zstd"));

    /// <summary>The same without packing: what is left is reading, digests and the archive.</summary>
    [Benchmark]
    public async Task Backup_None() => Processed(_bytes, await BackUpAsync("none"));

    /// <inheritdoc/>
    protected override Task ReleaseAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private async Task<long> BackUpAsync(string codec)
    {
        var sink = new DiscardingSink();
        var pipeline = new BackupPipelineBuilder()
            .UseObjectStore(new DirectoryObjectStore(_folder.Path))
            .UseSink(sink)
            .ConfigureOptions(options => options.Codec = codec)
            .Build();
        await pipeline.RunAsync(new BackupRequest());
        return sink.Bytes;
    }
}
