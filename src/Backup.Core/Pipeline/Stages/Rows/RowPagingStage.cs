using System.Threading.Channels;
using Backup.Core.Postgres;

namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>Cuts tables into pages, one page at a time as readers become free: a plan of all pages is never in memory.</summary>
internal sealed class RowPagingStage(
    PageLimits limits, RunProgress progress, ChannelReader<TableRun> input, ChannelWriter<PageTask> output)
{
    /// <summary>Works until there are no more tables.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var table in input.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var page in PagePlanner.Plan(table.Info, limits))
            {
                table.AddPage();
                await output.WriteAsync(new PageTask(table, page), cancellationToken).ConfigureAwait(false);
            }

            progress.CompletePage(table);
        }
    }
}
