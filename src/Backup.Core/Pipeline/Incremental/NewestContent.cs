using System.Runtime.CompilerServices;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Catalog;

namespace Backup.Core.Pipeline.Incremental;

/// <summary>
/// Puts backups into the order of what they show: a merged one was made long after the instant whose rows it has, and ids say nothing of
/// the order within one second.
/// </summary>
internal static class NewestContent
{
    private static readonly TimeSpan IdResolution = TimeSpan.FromSeconds(1);

    /// <summary>Orders the finished backups by the instant that they show, newest first; a merged one before the one that it stands for.</summary>
    /// <param name="backups">The backups by their ids, newest first. Read one further than is asked for.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async IAsyncEnumerable<CatalogEntry> FirstAsync(
        IAsyncEnumerable<CatalogEntry> backups, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var waiting = new PriorityQueue<CatalogEntry, (DateTimeOffset Instant, BackupId Id)>(
            Comparer<(DateTimeOffset, BackupId)>.Create((left, right) => right.CompareTo(left)));
        await foreach (var entry in backups.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            // Nothing that follows shows a later instant than the second in which this one was begun.
            while (waiting.TryPeek(out var newest, out var key) && key.Instant >= entry.Id.StartedAt + IdResolution)
            {
                waiting.Dequeue();
                yield return newest;
            }

            waiting.Enqueue(entry, (InstantOf(entry), entry.Id));
        }

        while (waiting.TryDequeue(out var left, out _))
        {
            yield return left;
        }
    }

    private static DateTimeOffset InstantOf(CatalogEntry entry) => entry.Manifest switch
    {
        null => entry.Id.StartedAt,
        { Kind: BackupKind.Merged, Database: { } database } => database.SnapshotAt,
        var manifest => manifest.StartedAt,
    };
}
