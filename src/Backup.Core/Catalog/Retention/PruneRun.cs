using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Catalog.Retention;

/// <summary>
/// One prune, under its lease: plans, marks what is to go, looks again whether anyone needs it, and removes the rest. docs/format.md
/// says why that is safe. Used once, by one caller.
/// </summary>
internal sealed class PruneRun(IBackupSink sink, TimeProvider timeProvider, ILogger logger, RunLease lease, RetentionPolicy policy)
{
    private readonly PruneSurveyor _surveyor = new(sink, timeProvider);
    private readonly List<BackupId> _removed = [];
    private readonly List<BackupId> _finished = [];
    private readonly List<BackupException> _failures = [];

    // Backups that stay because what refers to them could not be removed, or nobody knows whether it was.
    private readonly HashSet<BackupId> _held = [];
    private long _freedBytes;

    /// <summary>Runs the prune.</summary>
    /// <param name="cancellationToken">Stops it between two files.</param>
    public async Task<PruneReport> RunAsync(CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var survey = await _surveyor.ReadAsync(cancellationToken).ConfigureAwait(false);
        var plan = PrunePlanner.Plan(survey, policy, now);
        foreach (var kept in plan.Kept.Where(backup => survey.Marked.Contains(backup.Id)))
        {
            await UnmarkAsync(kept.Id, cancellationToken).ConfigureAwait(false);
        }

        if (plan.Removed.Any())
        {
            await MarkAsync(plan, now, cancellationToken).ConfigureAwait(false);
            plan = await ConfirmAsync(plan, cancellationToken).ConfigureAwait(false);
        }

        foreach (var remains in survey.Remains)
        {
            await FinishAsync(remains, cancellationToken).ConfigureAwait(false);
        }

        foreach (var backup in RemovalOrder.Of(plan))
        {
            await RemoveAsync(backup, cancellationToken).ConfigureAwait(false);
        }

        return new PruneReport { Plan = plan, Removed = _removed, Finished = _finished, FreedBytes = _freedBytes, Failures = _failures };
    }

    private async ValueTask MarkAsync(PrunePlan plan, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var backup in plan.Removed)
        {
            PruneLease.ThrowIfLost(lease, sink);
            await PruneMarkFile.WriteAsync(sink, backup.Id, now, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<PrunePlan> ConfirmAsync(PrunePlan plan, CancellationToken cancellationToken)
    {
        // After the marks: see PruneMarkFile.FindLeavingAsync.
        var survey = await _surveyor.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (plan.Kept.FirstOrDefault(kept => survey.Candidates.All(candidate => candidate.Id != kept.Id)) is { } gone)
        {
            throw new PruneException($"Backup {gone.Id}, which is to be kept, went away while others were to be removed: nothing is removed.")
            {
                Subject = gone.Id.Value,
                Category = ErrorCategory.Conflict,
                IsTransient = true,
                Hint = "Prune again, when nobody removes backups by hand.",
            };
        }

        var confirmed = PrunePlanner.Confirm(plan, survey);
        foreach (var (planned, spared) in plan.Backups.Zip(confirmed.Backups).Where(pair => !pair.First.IsKept && pair.Second.IsKept))
        {
            logger.BackupSpared(planned.Id, spared.Reasons[0]);
            await UnmarkAsync(planned.Id, cancellationToken).ConfigureAwait(false);
        }

        return confirmed;
    }

    private async ValueTask UnmarkAsync(BackupId id, CancellationToken cancellationToken)
    {
        PruneLease.ThrowIfLost(lease, sink);
        await PruneMarkFile.DeleteAsync(sink, id, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask RemoveAsync(PruneDecision backup, CancellationToken cancellationToken)
    {
        if (_held.Contains(backup.Id))
        {
            Hold(backup);
            return;
        }

        var isGone = false;
        try
        {
            var files = await RunFiles.ListAsync(sink, backup.Id, string.Empty, cancellationToken).ConfigureAwait(false);

            // Checkpoints before the manifest: without it they would be those of a run that can be taken up again.
            await DeleteAsync(backup.Id, files.Where(file => ArchiveNames.IsOfRun(file.Key)), cancellationToken).ConfigureAwait(false);
            await DeleteAsync(backup.Id, files.Where(file => file.Key == ArchiveNames.Manifest), cancellationToken).ConfigureAwait(false);
            isGone = true;
            await DeleteRestAsync(backup.Id, files, cancellationToken).ConfigureAwait(false);
            _removed.Add(backup.Id);
            logger.BackupRemoved(backup.Id, sink.Capabilities.Location, backup.Bytes);
        }
        catch (SinkException exception)
        {
            Fail(backup.Id, exception);
            if (!isGone)
            {
                _held.UnionWith(backup.References);
            }
        }
    }

    private async ValueTask FinishAsync(RunFolder remains, CancellationToken cancellationToken)
    {
        try
        {
            await DeleteRestAsync(remains.Id, remains.Files, cancellationToken).ConfigureAwait(false);
            _finished.Add(remains.Id);
            logger.PruneFinished(remains.Id, remains.Bytes);
        }
        catch (SinkException exception)
        {
            Fail(remains.Id, exception);
        }
    }

    // The mark goes last: it says that the rest is to go.
    private async ValueTask DeleteRestAsync(BackupId id, Dictionary<string, long> files, CancellationToken cancellationToken)
    {
        var rest = files.Where(file => file.Key != ArchiveNames.Manifest && !ArchiveNames.IsOfRun(file.Key) && file.Key != ArchiveNames.PruneMark);
        await DeleteAsync(id, rest.OrderBy(file => file.Key, StringComparer.Ordinal), cancellationToken).ConfigureAwait(false);
        RunFiles.RemovePartials(sink, id, timeProvider.GetUtcNow());
        await DeleteAsync(id, files.Where(file => file.Key == ArchiveNames.PruneMark), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask DeleteAsync(BackupId id, IEnumerable<KeyValuePair<string, long>> files, CancellationToken cancellationToken)
    {
        foreach (var (name, bytes) in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            PruneLease.ThrowIfLost(lease, sink);
            await sink.DeleteAsync(ArchiveNames.InSink(id, name), cancellationToken).ConfigureAwait(false);
            _freedBytes += name == ArchiveNames.PruneMark ? 0 : bytes;
        }
    }

    private void Hold(PruneDecision backup)
    {
        _held.UnionWith(backup.References);
        Fail(backup.Id, new PruneException($"Backup {backup.Id} stays, because one that refers to it could not be removed.")
        {
            Subject = backup.Id.Value,
            Category = ErrorCategory.Conflict,
            IsTransient = true,
            Hint = "Prune again.",
        });
    }

    private void Fail(BackupId id, BackupException exception)
    {
        logger.RemovalFailed(id, exception.Message);
        _failures.Add(exception);
    }
}
