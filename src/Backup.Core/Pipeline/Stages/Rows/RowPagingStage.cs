using System.Threading.Channels;
using Backup.Core.Postgres;

namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>Cuts tables into pages, one page at a time as readers become free: a plan of all pages is never in memory.</summary>
internal sealed class RowPagingStage(
    PageLimits limits, PageBatcher batcher, RunProgress progress, ChannelReader<TableRun> input, ChannelWriter<PageBatch> output)
{
    /// <summary>Works until there are no more tables.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var table in input.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var page in PagePlanner.Plan(table.Info, limits))
            {
                table.AddPage();
                await SendAsync(batcher.Add(new PageTask(table, page)), cancellationToken).ConfigureAwait(false);
            }

            progress.CompletePage(table);
        }

        await SendAsync(batcher.Flush(), cancellationToken).ConfigureAwait(false);
    }

    private async Task SendAsync(IEnumerable<PageBatch> batches, CancellationToken cancellationToken)
    {
        foreach (var batch in batches)
        {
            await output.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }
}
