using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Catalog.Retention;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Catalog;

/// <summary>Removes what one clean-up is to remove. Used once, by one caller.</summary>
internal sealed class RunRemoval(IBackupSink sink, TimeProvider timeProvider, RunFolders folders, CleanUpOptions options)
{
    private readonly List<UnfinishedRun> _removed = [];
    private readonly List<UnfinishedRun> _kept = [];
    private readonly List<BackupException> _failures = [];
    private int _leftOverFiles;

    /// <summary>Removes a folder, or what is left over in it, where that is due.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellationToken">Stops the removal between two files.</param>
    public async ValueTask ConsiderAsync(RunFolder folder, CancellationToken cancellationToken)
    {
        try
        {
            if (folder.IsCommitted)
            {
                await RemoveLeftOversAsync(folder, cancellationToken).ConfigureAwait(false);
                return;
            }

            var run = await folders.InspectAsync(folder, cancellationToken).ConfigureAwait(false);
            if (!IsDue(run))
            {
                _kept.Add(run);
            }
            else if (options.DryRun || await TryRemoveAsync(run, cancellationToken).ConfigureAwait(false))
            {
                _removed.Add(run);
            }
            else
            {
                _kept.Add(run with { State = UnfinishedRunState.Running });
            }
        }
        catch (BackupException exception)
        {
            _failures.Add(exception);
        }
    }

    /// <summary>What was done.</summary>
    public CleanUpReport ToReport() =>
        new() { Removed = _removed, Kept = _kept, LeftOverFiles = _leftOverFiles, Failures = _failures };

    private bool IsDue(UnfinishedRun run) => run.State switch
    {
        UnfinishedRunState.Running => false,
        UnfinishedRunState.Suspended => timeProvider.GetUtcNow() - run.IdleSince >= options.KeepSuspendedFor || options.KeepSuspendedFor == TimeSpan.Zero,
        _ => true,
    };

    private async ValueTask<bool> TryRemoveAsync(UnfinishedRun run, CancellationToken cancellationToken)
    {
        if (!run.Files.Contains(ArchiveNames.PruneMark))
        {
            return await TryRemoveFolderAsync(run, cancellationToken).ConfigureAwait(false);
        }

        RunLease pruneLease;
        try
        {
            pruneLease = await PruneLease.AcquireAsync(sink, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (PruneException)
        {
            // The prune that goes on deletes by the names that it has listed: until it ends nobody else may come to use them again.
            return false;
        }

        await using (pruneLease.ConfigureAwait(false))
        {
            return await TryRemoveFolderAsync(run, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> TryRemoveFolderAsync(UnfinishedRun run, CancellationToken cancellationToken)
    {
        RunLease lease;
        try
        {
            lease = await RunLease.AcquireAsync(sink, run.Id, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (ResumeException)
        {
            // Someone has taken it up meanwhile.
            return false;
        }

        await using (lease.ConfigureAwait(false))
        {
            // What it was may have changed until the lease was taken: it may even have been finished.
            var files = await RunFiles.ListAsync(sink, run.Id, string.Empty, cancellationToken).ConfigureAwait(false);
            if (files.ContainsKey(ArchiveNames.Manifest) || !files.Keys.Where(IsNoLease).ToHashSet().SetEquals(run.Files.Where(IsNoLease)))
            {
                return false;
            }

            foreach (var file in files.Keys.Where(IsNoLease).OrderBy(Rank).ThenByDescending(file => file, StringComparer.Ordinal))
            {
                lease.ThrowIfLost();
                await sink.DeleteAsync(ArchiveNames.InSink(run.Id, file), cancellationToken).ConfigureAwait(false);
            }

            RunFiles.RemovePartials(sink, run.Id, timeProvider.GetUtcNow());
        }

        return true;
    }

    private async ValueTask RemoveLeftOversAsync(RunFolder folder, CancellationToken cancellationToken)
    {
        if (await folders.FindOwnerAsync(folder, cancellationToken).ConfigureAwait(false) is not null)
        {
            // It has just been committed and tidies up itself.
            return;
        }

        foreach (var file in folder.OfRun)
        {
            if (!options.DryRun)
            {
                await sink.DeleteAsync(ArchiveNames.InSink(folder.Id, file), cancellationToken).ConfigureAwait(false);
            }

            _leftOverFiles++;
        }
    }

    private static bool IsNoLease(string file) => ArchiveNames.LeaseNumber(file) is null;

    // Checkpoints first, the newest before the older ones: what a removal that is broken off leaves can still be taken up or removed.
    // A mark last: it says that the rest is to go.
    private static int Rank(string file) => ArchiveNames.CheckpointNumber(file) is not null ? 0 : file == ArchiveNames.PruneMark ? 2 : 1;
}
