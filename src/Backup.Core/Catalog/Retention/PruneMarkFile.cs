using System.Text.Json;
using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Catalog.Retention;

/// <summary>
/// Writes and finds <c>prune-mark.json</c>, which says that a backup is about to be removed: nothing new may build on it. What is in
/// the file is for people, that it is there is the mark. docs/format.md specifies it.
/// </summary>
internal static class PruneMarkFile
{
    /// <summary>Marks a backup; one that is marked stays so.</summary>
    /// <param name="sink">Where it lies.</param>
    /// <param name="id">The backup.</param>
    /// <param name="markedAt">The time.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="SinkException">The sink refuses.</exception>
    public static async ValueTask WriteAsync(IBackupSink sink, BackupId id, DateTimeOffset markedAt, CancellationToken cancellationToken)
    {
        try
        {
            var writer = await sink.CreateAsync(ArchiveNames.InSink(id, ArchiveNames.PruneMark), cancellationToken).ConfigureAwait(false);
            await using var disposal = writer.ConfigureAwait(false);
            var content = JsonSerializer.SerializeToUtf8Bytes(new PruneMark(markedAt), PruneMarkJson.Default.PruneMark);
            await writer.WriteAsync(content, cancellationToken).ConfigureAwait(false);
            await writer.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SinkException exception) when (exception.IsAlreadyExists)
        {
            // Left by a prune that was interrupted.
        }
    }

    /// <summary>Takes the mark off, if there is one.</summary>
    /// <param name="sink">Where the backup lies.</param>
    /// <param name="id">The backup.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="SinkException">The sink refuses.</exception>
    public static ValueTask DeleteAsync(IBackupSink sink, BackupId id, CancellationToken cancellationToken) =>
        sink.DeleteAsync(ArchiveNames.InSink(id, ArchiveNames.PruneMark), cancellationToken);

    /// <summary>
    /// Finds backups on which nothing may be built any more, because they are marked, or gone. Whoever builds on backups writes a lease
    /// that names them (<see cref="LeaseContent.Needs"/>) <b>before</b> it asks: of a prune and a run at the same time one then sees
    /// the other.
    /// </summary>
    /// <param name="sink">Where they lie.</param>
    /// <param name="ids">The backups.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Those that cannot be built on, in the order given; none when all can.</returns>
    /// <exception cref="SinkException">The sink cannot be listed.</exception>
    public static async ValueTask<IReadOnlyList<BackupId>> FindLeavingAsync(
        IBackupSink sink, IEnumerable<BackupId> ids, CancellationToken cancellationToken)
    {
        var leaving = new List<BackupId>();
        foreach (var id in ids)
        {
            var files = await RunFiles.ListAsync(sink, id, string.Empty, cancellationToken).ConfigureAwait(false);
            if (!files.ContainsKey(ArchiveNames.Manifest) || files.ContainsKey(ArchiveNames.PruneMark))
            {
                leaving.Add(id);
            }
        }

        return leaving;
    }
}
