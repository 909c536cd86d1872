using Backup.Core.Archives;
using Backup.Core.Catalog;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;

namespace Backup.Core.Pipeline.Suspension;

/// <summary>Removes, at the start of a run, what others left in its sink that crashed or were never resumed.</summary>
internal static class AbandonedCleanUp
{
    /// <summary>Removes it. What cannot be removed is logged and does not keep the run from its own work.</summary>
    /// <param name="parts">The run's parts.</param>
    /// <param name="id">The run, which already holds its lease.</param>
    /// <param name="cancellationToken">Cancels the clean-up.</param>
    public static async ValueTask RunAsync(PipelineParts parts, BackupId id, CancellationToken cancellationToken)
    {
        try
        {
            var options = new CleanUpOptions { KeepSuspendedFor = parts.Options.KeepSuspendedFor };
            var report = await new AbandonedRuns(parts.Sink, parts.TimeProvider).RemoveAsync(options, cancellationToken).ConfigureAwait(false);
            foreach (var run in report.Removed)
            {
                parts.Logger.AbandonedRunRemoved(id.Value, run.Id.Value, run.Volumes, run.StoredBytes);
            }

            foreach (var failure in report.Failures)
            {
                parts.Logger.CleanUpFailed(failure.Subject ?? "abandoned run", failure);
            }
        }
        catch (BackupException exception)
        {
            parts.Logger.CleanUpFailed("abandoned runs", exception);
        }
    }
}
