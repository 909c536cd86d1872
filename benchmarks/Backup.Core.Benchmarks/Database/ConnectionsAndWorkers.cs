using Backup.Core.Benchmarks.Setup;
using BenchmarkDotNet.Attributes;

namespace Backup.Core.Benchmarks.Database;

/// <summary>How many connections should read, and how many threads pack?</summary>
public class ConnectionsAndWorkers : MeasuredBenchmark
{
    private const long AmpleMemoryBytes = 256L * 1024 * 1024;

    /// <summary>Connections that read.</summary>
    [Params(1, 2, 4, 8)]
    public int Connections { get; set; }

    /// <summary>Threads that pack.</summary>
    [Params(1, 2, 4, 8)]
    public int Workers { get; set; }

    /// <summary>A whole backup at the default codec and level.</summary>
    [Benchmark]
    public async Task Backup()
    {
        var result = await DatabaseRun.ExecuteAsync(options =>
        {
            options.Connections = Connections;
            options.CompressionWorkers = Workers;

            // The same for all, so that only the numbers differ.
            options.MemoryBudgetBytes = AmpleMemoryBytes;
        });
        Processed(result.Totals.RawBytes, result.Totals.StoredBytes);
    }
}
