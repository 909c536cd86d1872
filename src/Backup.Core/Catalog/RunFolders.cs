using System.Runtime.CompilerServices;
using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Catalog;

/// <summary>Walks the folders of a sink's backups, holding one at a time, and finds out about those that are not finished.</summary>
internal sealed class RunFolders(IBackupSink sink, TimeProvider timeProvider)
{
    // Versions before leases left none: what they began so long ago is not being written any more.
    private static readonly TimeSpan LongestWithoutLease = TimeSpan.FromDays(1);

    /// <summary>Lists the folders in the order of their ids.</summary>
    /// <param name="sink">Where the backups are.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    public static async IAsyncEnumerable<RunFolder> ListAsync(IBackupSink sink, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RunFolder? folder = null;
        await foreach (var item in sink.ListAsync(string.Empty, cancellationToken).ConfigureAwait(false))
        {
            var slash = item.Name.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0 || !BackupId.TryParse(item.Name[..slash], out var id))
            {
                continue;
            }

            if (folder?.Id != id)
            {
                if (folder is not null)
                {
                    yield return folder;
                }

                folder = new RunFolder(id, new Dictionary<string, long>(StringComparer.Ordinal));
            }

            folder.Files[item.Name[(slash + 1)..]] = item.Bytes;
        }

        if (folder is not null)
        {
            yield return folder;
        }
    }

    /// <summary>Finds out about a folder without a manifest.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async ValueTask<UnfinishedRun> InspectAsync(RunFolder folder, CancellationToken cancellationToken)
    {
        var owner = await FindOwnerAsync(folder, cancellationToken).ConfigureAwait(false);
        var last = await ReadLastAsync(folder, cancellationToken).ConfigureAwait(false);
        var mayRun = owner is not null
            || (folder.LastCheckpoint is null && !folder.IsMarked && !folder.Files.Keys.Any(file => ArchiveNames.LeaseNumber(file) is not null)
                && timeProvider.GetUtcNow() - folder.Id.StartedAt < LongestWithoutLease);
        return new UnfinishedRun
        {
            Id = folder.Id,
            State = mayRun ? UnfinishedRunState.Running
                : folder.LastCheckpoint is not null ? UnfinishedRunState.Suspended
                : UnfinishedRunState.Abandoned,
            Part = last?.Run.Part ?? 0,
            KeptAt = last?.WrittenAt,
            Volumes = folder.Files.Keys.Count(file => file.StartsWith(ArchiveNames.VolumePrefix, StringComparison.Ordinal)),
            StoredBytes = folder.Files.Values.Sum(),
            Owner = owner,
            Files = [.. folder.Files.Keys],
        };
    }

    /// <summary>Finds out who writes a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The owner of a lease that is alive; <see langword="null"/> where there is none.</returns>
    public async ValueTask<string?> FindOwnerAsync(RunFolder folder, CancellationToken cancellationToken)
    {
        if (!folder.Files.Keys.Any(file => ArchiveNames.LeaseNumber(file) is not null))
        {
            return null;
        }

        var (number, content) = await LeaseFile.FindAsync(sink, folder.Id, cancellationToken).ConfigureAwait(false);

        // Renewed while it was being looked for: then it is alive.
        return content?.IsAlive(timeProvider.GetUtcNow()) == true ? content.Owner
            : number > 0 && content is null && await LeaseFile.FindNumberAsync(sink, folder.Id, cancellationToken).ConfigureAwait(false) > number
                ? "another process"
                : null;
    }

    private async ValueTask<Checkpoint?> ReadLastAsync(RunFolder folder, CancellationToken cancellationToken)
    {
        if (folder.LastCheckpoint is not { } number)
        {
            return null;
        }

        try
        {
            return await CheckpointFile.ReadAsync(sink, folder.Id, number, folder.Files[ArchiveNames.Checkpoint(number)], cancellationToken)
                .ConfigureAwait(false);
        }
        catch (BackupException exception) when (exception is ArchiveFormatException or SinkException { IsNotFound: true })
        {
            // Whoever takes the run up will be told.
            return null;
        }
    }
}
