using System.Diagnostics;

namespace Backup.Core.Granularity;

/// <summary>What reading all rows costs, by the size of a page and by how many are asked for at once.</summary>
/// <param name="PageBlocks">The blocks of a page.</param>
/// <param name="BatchPages">How many pages one message asks for.</param>
/// <param name="Messages">How many messages waited for an answer: each takes a round trip more from a server that is far away.</param>
/// <param name="Time">On the clock.</param>
/// <param name="Processor">This process'.</param>
/// <param name="Server">The server's.</param>
internal sealed record ReadingCost(int PageBlocks, int BatchPages, int Messages, TimeSpan Time, TimeSpan Processor, TimeSpan Server)
{
    private const int BatchBlocks = 2_048;
    private const int MostBatchPages = 64;

    /// <summary>Measures all sizes in turn.</summary>
    /// <returns>The round of each that took the least processor time of both sides.</returns>
    public static async Task<IReadOnlyList<ReadingCost>> MeasureAsync(MeasuredDatabase database, int rounds)
    {
        var costs = new List<ReadingCost>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var blocks in (int[])[16, 32, 64, 128, 256, 1024, 4096])
            {
                costs.Add(await MeasureAsync(database, blocks, batchPages: 1));
                var batchPages = Math.Min(BatchBlocks / blocks, MostBatchPages);
                if (batchPages > 1)
                {
                    costs.Add(await MeasureAsync(database, blocks, batchPages));
                }
            }
        }

        return
        [
            .. costs.GroupBy(cost => (cost.PageBlocks, cost.BatchPages))
                .Select(group => group.MinBy(cost => cost.Processor + cost.Server)!),
        ];
    }

    private static async Task<ReadingCost> MeasureAsync(MeasuredDatabase database, int blocks, int batchPages)
    {
        var scratch = new byte[1024 * 1024];
        var pages = 0;
        var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        var time = TimeSpan.Zero;
        var server = await database.Processors.MeasureAsync(
            async () =>
            {
                await new RowPages(database.Base, blocks, batchPages).ReadAsync(
                    _ => pages++, _ => scratch, _ => { }, (_, _) => Task.CompletedTask);
                time = Stopwatch.GetElapsedTime(start);
            },
            CancellationToken.None);
        process.Refresh();
        return new ReadingCost(
            blocks, batchPages, (pages + batchPages - 1) / batchPages, time, process.TotalProcessorTime - before, server);
    }
}
