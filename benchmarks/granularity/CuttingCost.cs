using System.Diagnostics;
using System.IO.Hashing;
using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.TestKit.Workloads;

namespace Backup.Core.Granularity;

/// <summary>What each step costs that an entry's bytes go through, in memory and on one thread.</summary>
/// <param name="Step">The step.</param>
/// <param name="SecondsPerGigabyte">Of a processor, the least of all rounds.</param>
internal sealed record CuttingCost(string Step, double SecondsPerGigabyte)
{
    private const int Megabyte = 1_000_000;
    private const int BlockBytes = 1024 * 1024;

    /// <summary>Measures all steps.</summary>
    public static IReadOnlyList<CuttingCost> Measure(int rounds)
    {
        var group = new RowGroup();
        group.Clear("mixed", 0);
        foreach (var rows in (byte[][])[new DocsTable().MakeRows(44 * Megabyte), new AccountsTable().MakeRows(46 * Megabyte), new WideTable().MakeRows(10 * Megabyte)])
        {
            rows.CopyTo(group.GetMemory(rows.Length));
            group.Advance(rows.Length);
        }

        group.EndRange();
        var compressor = new ZstandardCompressor();
        var packed = new byte[compressor.GetMaxCompressedBytes(BlockBytes)];
        var ends = 0L;
        var costs = ((string Step, Action Run)[])
        [
            ("digest (XXH128)", () => ContentHash.Compute(group.Rows.Span)),
            ("CRC-32", () => Crc32.HashToUInt32(group.Rows.Span)),
            ("packing (zstd 1)", () => Pack(compressor, group.Rows.Span, packed)),
            ("finding the ends of chunks of 64 KiB", () => ends += new ContentChunks(64 * 1024).Cut(group).Count()),
            ("finding the ends of chunks of 1 MiB", () => ends += new ContentChunks(BlockBytes).Cut(group).Count()),
        ];
        return [.. costs.Select(cost => new CuttingCost(cost.Step, Measure(cost.Run, rounds) / group.Rows.Length * 1e9))];
    }

    private static double Measure(Action run, int rounds)
    {
        var least = double.MaxValue;
        using var process = Process.GetCurrentProcess();
        for (var round = 0; round <= rounds; round++)
        {
            process.Refresh();
            var before = process.TotalProcessorTime;
            run();
            process.Refresh();
            least = Math.Min(least, (process.TotalProcessorTime - before).TotalSeconds);
        }

        return least;
    }

    private static void Pack(ZstandardCompressor compressor, ReadOnlySpan<byte> rows, byte[] packed)
    {
        for (; !rows.IsEmpty; rows = rows[Math.Min(BlockBytes, rows.Length)..])
        {
            compressor.Compress(rows[..Math.Min(BlockBytes, rows.Length)], packed, isLast: true);
        }
    }
}
