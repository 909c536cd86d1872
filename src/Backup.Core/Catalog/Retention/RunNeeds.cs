using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Catalog.Retention;

/// <summary>Finds out which backups the runs of a sink build on that have not finished.</summary>
internal sealed class RunNeeds(IBackupSink sink, TimeProvider timeProvider)
{
    // A lease is replaced every 40 seconds; to meet that twice in a row is a rare accident, five times none.
    private const int MaxLooks = 5;

    /// <summary>Asks one folder.</summary>
    /// <param name="folder">The folder of a run, as it was listed; it may have finished or gone since.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="SinkException">The sink cannot be read.</exception>
    /// <exception cref="UnsupportedFormatVersionException">A newer version of the library may take the run up again.</exception>
    public async ValueTask<IReadOnlyList<RunNeed>> FindAsync(RunFolder folder, CancellationToken cancellationToken)
    {
        var needs = new HashSet<BackupId>();
        if (await ReadLeaseAsync(folder.Id, cancellationToken).ConfigureAwait(false) is { } lease)
        {
            needs.UnionWith(lease.Needs ?? []);
        }

        if (folder.LastCheckpoint is { } number && !folder.IsCommitted)
        {
            needs.UnionWith(await ReadCheckpointAsync(folder, number, cancellationToken).ConfigureAwait(false));
        }

        return [.. needs.Select(backup => new RunNeed(folder.Id, backup))];
    }

    private async ValueTask<LeaseContent?> ReadLeaseAsync(BackupId run, CancellationToken cancellationToken)
    {
        for (var look = 1; ; look++)
        {
            var (number, content) = await LeaseFile.FindAsync(sink, run, cancellationToken).ConfigureAwait(false);
            if (content is not null)
            {
                return content.IsAlive(timeProvider.GetUtcNow()) ? content : null;
            }

            // Without content, or not listed at all, it was replaced while it was looked for, or is none; then nobody who is alive left it.
            if (look == MaxLooks || await LeaseFile.FindNumberAsync(sink, run, cancellationToken).ConfigureAwait(false) == number)
            {
                return null;
            }
        }
    }

    private async ValueTask<IReadOnlyList<BackupId>> ReadCheckpointAsync(RunFolder folder, int number, CancellationToken cancellationToken)
    {
        try
        {
            var checkpoint = await CheckpointFile.ReadAsync(
                sink, folder.Id, number, folder.Files[ArchiveNames.Checkpoint(number)], cancellationToken).ConfigureAwait(false);
            return checkpoint.Run.Needs ?? [];
        }
        catch (BackupException exception) when (exception is ArchiveFormatException and not UnsupportedFormatVersionException
            or SinkException { IsNotFound: true })
        {
            // It has finished or was removed meanwhile; or nobody can take it up again.
            return [];
        }
    }
}
