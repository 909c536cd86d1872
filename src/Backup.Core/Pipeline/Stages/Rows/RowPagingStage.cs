using System.Threading.Channels;
using Backup.Core.Pipeline.Distribution;
using Backup.Core.Pipeline.Suspension;
using Backup.Core.Postgres;

namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>Cuts tables into pages, one page at a time as readers become free: a plan of all pages is never in memory.</summary>
/// <remarks>At the deadline it plans nothing more: a table whose pages were not all planned is never finished.</remarks>
internal sealed class RowPagingStage(
    PageBatcher batcher, RunProgress progress, RunDeadline deadline, ChannelReader<TablePart> input, ChannelWriter<PageBatch> output)
{
    /// <summary>Works until there are no more tables.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var part in input.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await PlanAsync(part, cancellationToken).ConfigureAwait(false))
            {
                progress.CompletePage(part.Table);
            }
        }

        if (!deadline.IsReached)
        {
            await SendAsync(batcher.Flush(), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> PlanAsync(TablePart part, CancellationToken cancellationToken)
    {
        var table = part.Table;
        foreach (var page in PagePlanner.Plan(table.Info, table.Layout))
        {
            if (deadline.IsReached)
            {
                return false;
            }

            if (part.Holds(page.Number) && !table.HoldsPage(page.Number))
            {
                table.AddPage();
                await SendAsync(batcher.Add(new PageTask(table, page)), cancellationToken).ConfigureAwait(false);
            }
        }

        return true;
    }

    private async Task SendAsync(IEnumerable<PageBatch> batches, CancellationToken cancellationToken)
    {
        foreach (var batch in batches)
        {
            await output.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }
}
