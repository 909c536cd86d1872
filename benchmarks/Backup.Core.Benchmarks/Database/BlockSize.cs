using Backup.Core.Benchmarks.Setup;
using BenchmarkDotNet.Attributes;

namespace Backup.Core.Benchmarks.Database;

/// <summary>How large should the blocks be that are packed one by one? Small ones cost size, large ones memory.</summary>
public class BlockSize : MeasuredBenchmark
{
    private const long AmpleMemoryBytes = 256L * 1024 * 1024;

    /// <summary>Size of a block in KiB.</summary>
    [Params(64, 256, 1024, 4096)]
    public int KiB { get; set; }

    /// <summary>A whole backup over two connections.</summary>
    [Benchmark]
    public async Task Backup()
    {
        var result = await DatabaseRun.ExecuteAsync(options =>
        {
            options.Connections = 2;
            options.CompressionWorkers = 2;
            options.BlockBytes = KiB * 1024;
            options.MemoryBudgetBytes = AmpleMemoryBytes;
        });
        Processed(result.Totals.RawBytes, result.Totals.StoredBytes);
    }
}
