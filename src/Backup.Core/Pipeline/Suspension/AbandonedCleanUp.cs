using System.Globalization;
using Backup.Core.Archives;
using Backup.Core.Catalog;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.Pipeline.Failures;

namespace Backup.Core.Pipeline.Suspension;

/// <summary>Removes, at the start of a run, what others left in its sink that crashed or were never resumed; not for long.</summary>
internal static class AbandonedCleanUp
{
    /// <summary>The most that it takes of a time budget.</summary>
    public const double BudgetShare = 0.1;

    /// <summary>The longest that it takes.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(1);

    /// <summary>Removes it. What cannot be removed, or not in time, is logged, left to the next run and does not keep this one from its own work.</summary>
    /// <param name="parts">The run's parts.</param>
    /// <param name="id">The run, which already holds its lease.</param>
    /// <param name="timeBudget">The time that the run may take; <see langword="null"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Cancels the clean-up.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static async ValueTask RunAsync(PipelineParts parts, BackupId id, TimeSpan? timeBudget, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var limit = LimitOf(timeBudget);

        // Counts by itself, so that a removal between two files ends at the limit; what hangs is left behind.
        var cut = new CancellationTokenSource(limit, parts.TimeProvider);
        var end = await BoundedCall.RunAsync(token => RemoveAsync(parts, token), cut, limit, parts.TimeProvider, cancellationToken).ConfigureAwait(false);
        var isCut = end.Outcome != CallOutcome.Ended || end.Call.IsCanceled;
        if (!end.IsLeftBehind)
        {
            cut.Dispose();
        }

        if (isCut)
        {
            cancellationToken.ThrowIfCancellationRequested();
            parts.Logger.CleanUpFailed("abandoned runs", TooSlow(limit));
            return;
        }

        Log(parts, id, await end.Call.ConfigureAwait(false));
    }

    /// <summary>How long the clean-up of a run may take.</summary>
    public static TimeSpan LimitOf(TimeSpan? timeBudget) =>
        timeBudget is { } budget && budget * BudgetShare < MaxTime ? budget * BudgetShare : MaxTime;

    private static async ValueTask<(CleanUpReport? Report, BackupException? Failure)> RemoveAsync(PipelineParts parts, CancellationToken cancellationToken)
    {
        try
        {
            var options = new CleanUpOptions { KeepSuspendedFor = parts.Options.KeepSuspendedFor };
            return (await new AbandonedRuns(parts.Sink, parts.TimeProvider).RemoveAsync(options, cancellationToken).ConfigureAwait(false), null);
        }
        catch (BackupException exception)
        {
            return (null, exception);
        }
    }

    private static void Log(PipelineParts parts, BackupId id, (CleanUpReport? Report, BackupException? Failure) end)
    {
        foreach (var run in end.Report?.Removed ?? [])
        {
            parts.Logger.AbandonedRunRemoved(id.Value, run.Id.Value, run.Volumes, run.StoredBytes);
        }

        foreach (var failure in end.Report?.Failures ?? [])
        {
            parts.Logger.CleanUpFailed(failure.Subject ?? "abandoned run", failure);
        }

        if (end.Failure is { } exception)
        {
            parts.Logger.CleanUpFailed("abandoned runs", exception);
        }
    }

    private static BackupTimeoutException TooSlow(TimeSpan limit) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"Removing what abandoned runs left took longer than {limit.TotalSeconds:0.###} s: the rest is left to the next run."))
    {
        IsTransient = true,
        Hint = "Remove it at leisure with 'backup-core clean'.",
    };
}
