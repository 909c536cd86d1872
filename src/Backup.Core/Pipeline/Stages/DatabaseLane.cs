using Backup.Core.Archives;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Pipeline.Stages.Rows;

namespace Backup.Core.Pipeline.Stages;

/// <summary>The stages that bring rows from a snapshot into an archive, and how they are joined.</summary>
internal sealed class DatabaseLane(
    PipelineParts parts, ResourcePlan plan, BufferPool buffers, MemoryBudget budget, RunProgress progress)
{
    private const int TableQueueLength = 16;

    /// <summary>Copies all rows.</summary>
    public async Task RunAsync(
        RowSnapshot snapshot,
        IReadOnlyList<TableRun> tables,
        ArchiveWriter archive,
        bool continueOnTableFailure,
        CancellationToken cancellationToken)
    {
        // Packers' destinations and readers' rests live as long as the lane; what is left is for pages.
        using var overhead = await budget.AcquireAsync(plan.OverheadBytes, cancellationToken).ConfigureAwait(false);
        using var graph = new StageGraph(cancellationToken);
        var found = graph.Connect<TableRun>(TableQueueLength);
        var pages = graph.Connect<PageTask>(plan.Connections);
        var blocks = graph.Connect<PackItem>(plan.Connections + plan.Workers);
        var finished = graph.Connect<PendingEntry>(plan.PagesInFlight);

        var context = new EntryContext(plan, buffers, finished.Writer);
        var rules = new PageReadRules(parts.Compressor, parts.Options.PageBytes, continueOnTableFailure, parts.Logger);

        var discovery = new TableDiscoveryStage(tables, found.Writer);
        var rowPaging = new RowPagingStage(parts.Options.ToPageLimits(), progress, found.Reader, pages.Writer);
        var pageRead = new PageReadStage(snapshot, budget, context, progress, rules, pages.Reader, blocks.Writer);
        var compress = new CompressStage(context, blocks.Reader);
        var store = new ArchiveStage(archive, progress, finished.Reader);

        graph.Start("TableDiscovery", 1, found.Writer, (_, token) => discovery.RunAsync(token));
        graph.Start("RowPaging", 1, pages.Writer, (_, token) => rowPaging.RunAsync(token));
        graph.Start("PageRead", plan.Connections, blocks.Writer, pageRead.RunAsync);

        // Readers hand streamed entries to the archive themselves, but they end before the packers do.
        graph.Start("Compress", plan.Workers, finished.Writer, compress.RunAsync);
        graph.StartLast("Archive", store.RunAsync);
        await graph.RunAsync().ConfigureAwait(false);
    }
}
