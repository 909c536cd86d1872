using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Catalog;

/// <summary>
/// Finds the runs of a sink that have not finished and removes what nobody will go on with. A run that a process is writing is
/// never touched: its lease says so, and is taken before anything is removed. Safe for several threads and processes.
/// </summary>
public sealed class AbandonedRuns
{
    private readonly IBackupSink _sink;
    private readonly TimeProvider _timeProvider;
    private readonly RunFolders _folders;

    /// <summary>Prepares a look at a sink.</summary>
    /// <param name="sink">Where the backups are; stays the caller's.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    public AbandonedRuns(IBackupSink sink, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _sink = sink;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _folders = new RunFolders(_sink, _timeProvider);
    }

    /// <summary>Lists the runs that have not finished, newest first.</summary>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <returns>The runs; none when all have finished.</returns>
    /// <exception cref="SinkException">The sink cannot be read.</exception>
    public async Task<IReadOnlyList<UnfinishedRun>> ListAsync(CancellationToken cancellationToken = default)
    {
        var runs = new List<UnfinishedRun>();
        await foreach (var folder in RunFolders.ListAsync(_sink, cancellationToken).ConfigureAwait(false))
        {
            if (!folder.IsCommitted)
            {
                runs.Add(await _folders.InspectAsync(folder, cancellationToken).ConfigureAwait(false));
            }
        }

        runs.Reverse();
        return runs;
    }

    /// <summary>
    /// Removes runs that left nothing to go on from, runs that could be taken up again and have not been for long, and files that
    /// only served a run beside finished backups.
    /// </summary>
    /// <param name="options">What to remove; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Stops the clean-up between two files.</param>
    /// <returns>What was removed, what was kept and what could not be removed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A time is negative.</exception>
    /// <exception cref="SinkException">The sink cannot be listed.</exception>
    public async Task<CleanUpReport> RemoveAsync(CleanUpOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new CleanUpOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.KeepSuspendedFor, TimeSpan.Zero, nameof(options));
        var removal = new RunRemoval(_sink, _timeProvider, _folders, options);
        var candidates = new List<RunFolder>();

        // First listed, then removed: a sink need not list while it deletes.
        await foreach (var folder in RunFolders.ListAsync(_sink, cancellationToken).ConfigureAwait(false))
        {
            if (!folder.IsCommitted || folder.OfRun.Any())
            {
                candidates.Add(folder);
            }
        }

        candidates.Reverse();
        foreach (var folder in candidates)
        {
            await removal.ConsiderAsync(folder, cancellationToken).ConfigureAwait(false);
        }

        return removal.ToReport();
    }
}
