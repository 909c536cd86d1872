using Backup.Core.Benchmarks.Setup;
using BenchmarkDotNet.Attributes;

namespace Backup.Core.Benchmarks.Database;

/// <summary>How many heap blocks should a page cover? Small pages cost statements, large ones leave a reader idle at the end.</summary>
public class PageSize : MeasuredBenchmark
{
    private const long HeapBlockBytes = 8192;

    /// <summary>Heap blocks of a page.</summary>
    [Params(64, 256, 1024, 4096)]
    public int Blocks { get; set; }

    /// <summary>A whole backup over two connections.</summary>
    [Benchmark]
    public async Task Backup()
    {
        var result = await DatabaseRun.ExecuteAsync(options =>
        {
            options.Connections = 2;
            options.CompressionWorkers = 2;
            options.PageBlocks = Blocks;
            options.PageBytes = Blocks * HeapBlockBytes;
        });
        Processed(result.Totals.RawBytes, result.Totals.StoredBytes);
    }
}
