using Backup.Core.Archives;

namespace Backup.Core.Pipeline.Suspension;

/// <summary>Refuses requests that contradict themselves about suspending and resuming.</summary>
internal static class RequestRules
{
    private static readonly TimeSpan MinTimeBudget = TimeSpan.FromSeconds(1);

    // What a timer can count.
    private static readonly TimeSpan MaxTimeBudget = TimeSpan.FromDays(24);

    /// <summary>Checks a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="hasWorkers">Whether workers copy the run.</param>
    /// <exception cref="ArgumentException">A value is out of its range, or two contradict each other.</exception>
    public static void Check(BackupRequest request, bool hasWorkers = false)
    {
        if (hasWorkers)
        {
            CheckForWorkers(request);
        }

        if (request.TimeBudget is { } budget && (budget < MinTimeBudget || budget > MaxTimeBudget))
        {
            throw new ArgumentException(
                $"{nameof(request.TimeBudget)} is {budget}; it must be from {MinTimeBudget} to {MaxTimeBudget}.", nameof(request));
        }

        if (request.Resume is { } id && !BackupId.TryParse(id.Value, out _))
        {
            throw new ArgumentException($"{nameof(request.Resume)} is '{id.Value}', which is no backup id.", nameof(request));
        }

        if (request.Resumable == false && (request.TimeBudget is not null || request.Resume is not null))
        {
            throw new ArgumentException(
                $"{nameof(request.Resumable)} is false; a run with a {nameof(request.TimeBudget)} or one to {nameof(request.Resume)} always is.",
                nameof(request));
        }

        if (!request.Incremental && request.Parent is not null)
        {
            throw new ArgumentException($"{nameof(request.Parent)} is for incremental backups: set {nameof(request.Incremental)}.", nameof(request));
        }

        if (request.Parent is { } parent && (!BackupId.TryParse(parent.Value, out _) || parent == request.Resume))
        {
            throw new ArgumentException($"{nameof(request.Parent)} is '{parent.Value}', which is no other backup's id.", nameof(request));
        }

        if (request.AllowMixedTables && !request.IsResumable)
        {
            throw new ArgumentException(
                $"{nameof(request.AllowMixedTables)} is for runs that can be resumed: set {nameof(request.Resumable)} or {nameof(request.TimeBudget)}.",
                nameof(request));
        }
    }

    private static void CheckForWorkers(BackupRequest request)
    {
        if (request.Incremental)
        {
            throw new ArgumentException(
                $"A run that workers copy is always a full backup: leave {nameof(request.Incremental)} away, or the workers.", nameof(request));
        }

        if (request.IsResumable)
        {
            throw new ArgumentException(
                $"A run that workers copy cannot be suspended or resumed: leave {nameof(request.TimeBudget)}, {nameof(request.Resume)} and "
                + $"{nameof(request.Resumable)} away, or the workers.",
                nameof(request));
        }
    }
}
