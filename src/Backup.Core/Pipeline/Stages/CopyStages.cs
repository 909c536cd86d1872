using Backup.Core.Archives;
using Backup.Core.Pipeline.Distribution;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Pipeline.Suspension;

namespace Backup.Core.Pipeline.Stages;

/// <summary>All stages of a run in one graph: the two lanes side by side, and the packing and storing that they share.</summary>
internal sealed class CopyStages(
    ResourcePlan plan, BufferPool buffers, MemoryBudget budget, RunProgress progress, ArchiveWriter archive, RunDeadline deadline)
{
    /// <summary>Copies what the lanes give, as far as the deadline allows.</summary>
    /// <param name="sources">What they read from; the snapshot is closed as soon as nothing needs it.</param>
    /// <param name="rows">The database lane, if there is one.</param>
    /// <param name="objects">The storage lane, if there is one.</param>
    /// <param name="workers">What copies in place of the lanes, where there is no database lane to feed; otherwise it is that one's.</param>
    /// <param name="cancellationToken">Stops all stages.</param>
    public async Task RunAsync(
        OpenedSources sources, DatabaseLane? rows, StorageLane? objects, WorkerLane? workers, CancellationToken cancellationToken)
    {
        // Packers' destinations and readers' rests live as long as the stages; what is left is for entries.
        using var overhead = await budget.AcquireAsync(plan.OverheadBytes, cancellationToken).ConfigureAwait(false);
        using var graph = new StageGraph(cancellationToken, deadline.DropToken);
        var blocks = graph.Connect<PackItem>(plan.Connections + plan.Transfers + plan.Workers, wakesInPlace: true);
        var finished = graph.Connect<ArchiveItem>((int)Math.Min(int.MaxValue, (long)plan.MaxEntries + ReferenceQueue.Places));
        var context = new EntryContext(plan, buffers, finished.Writer);
        var lane = new LaneContext(context, budget, blocks.Writer, deadline);

        var rowsRead = rows?.AddTo(graph, lane) ?? Task.CompletedTask;
        var listed = objects?.AddTo(graph, lane, rowsRead) ?? Task.CompletedTask;
        var worked = workers is null
            ? Task.CompletedTask
            : graph.Add("Workers", 1, blocks.Writer, (_, token) => workers.RunAsync(null, token));
        graph.Add("Snapshot", async token =>
        {
            await Task.WhenAll(rowsRead, listed, worked).WaitAsync(token).ConfigureAwait(false);
            token.ThrowIfCancellationRequested();
            await sources.ReleaseSnapshotAsync(token).ConfigureAwait(false);
        });

        // Readers hand streamed entries to the archive themselves, but they end before the packers do.
        var compress = new CompressStage(context, blocks.Reader);
        var store = new ArchiveStage(archive, progress, finished.Reader);
        _ = graph.Add("Compress", plan.Workers, finished.Writer, compress.RunAsync);
        graph.AddLast("Archive", store.RunAsync);
        await graph.RunAsync().ConfigureAwait(false);
    }
}
