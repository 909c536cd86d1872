using System.Globalization;
using Backup.Core.Benchmarks.Setup;
using BenchmarkDotNet.Attributes;

namespace Backup.Core.Benchmarks.Database;

/// <summary>How many connections should read, and how many threads pack?</summary>
public class ConnectionsAndWorkers : MeasuredBenchmark
{
    private const long AmpleMemoryBytes = 256L * 1024 * 1024;

    /// <summary>Connections and workers.</summary>
    [Params("1+1", "1+2", "2+1", "2+2", "2+4", "4+2", "4+4", "8+8")]
    public string Lanes { get; set; } = "";

    /// <summary>A whole backup at the default codec and level.</summary>
    [Benchmark]
    public async Task Backup()
    {
        var lanes = Lanes.Split('+');
        var result = await DatabaseRun.ExecuteAsync(options =>
        {
            options.Connections = int.Parse(lanes[0], CultureInfo.InvariantCulture);
            options.CompressionWorkers = int.Parse(lanes[1], CultureInfo.InvariantCulture);

            // The same for all, so that only the numbers differ.
            options.MemoryBudgetBytes = AmpleMemoryBytes;
        });
        Processed(result.Totals.RawBytes, result.Totals.StoredBytes);
    }
}
