using Backup.Core.Archives.Resuming;
using Backup.Core.Pipeline.Sources;

namespace Backup.Core.Pipeline.Suspension;

/// <summary>Tells the archive at each checkpoint which tables have become complete since the one before.</summary>
/// <remarks>
/// For the one caller that stores entries, so that what it finds stored lies in the volume that is being closed or in one before.
/// Nothing is said of tables while it is not known that the snapshot's locks were held: without them a table may have been truncated,
/// which the snapshot would show as empty. What cannot be said now is said at the next checkpoint.
/// </remarks>
internal sealed class CheckpointLedger(IReadOnlyList<TableRun> tables, OpenedSources sources)
{
    private readonly HashSet<TableRun> _told = [];

    /// <summary>What there is to say since the last time.</summary>
    public async ValueTask<CheckpointContent> TakeAsync(CancellationToken cancellationToken)
    {
        // Looked at before the snapshot is asked about: the answer says nothing of what comes after it.
        var finished = tables.Where(table => table.Start.Kept is null && table.IsFinished && !_told.Contains(table)).ToList();
        if (!await sources.TryConfirmSnapshotAsync(cancellationToken).ConfigureAwait(false))
        {
            return CheckpointContent.Empty;
        }

        _told.UnionWith(finished);
        return new CheckpointContent
        {
            Tables = finished.ConvertAll(table => new CheckpointTable { Record = table.ToRecord(), Fingerprint = table.Info.WholeFingerprint }),
            Pages = [.. tables.Where(table => !_told.Contains(table)).Select(PagesOf).OfType<CheckpointPages>()],
        };
    }

    private static CheckpointPages? PagesOf(TableRun table) => table.TakeNewPages() is { Count: > 0 } pages
        ? new CheckpointPages
        {
            Schema = table.Info.Name.Schema,
            Name = table.Info.Name.Name,
            Path = table.Folder,
            Fingerprint = table.Info.Fingerprint,
            RelationFile = table.Info.RelationFile,
            HeapBlocks = table.Layout.HeapBlocks,
            PageBlocks = (int)table.Layout.PageBlocks,
            Pages = pages,
        }
        : null;
}
