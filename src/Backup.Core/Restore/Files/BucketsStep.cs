using Backup.Core.Errors;

namespace Backup.Core.Restore.Files;

/// <summary>Creates the buckets that the store lacks, with the settings of the backup.</summary>
/// <remarks>
/// The first thing that a run changes: a key that may not write shows here, before the database is touched. An empty bucket is
/// in nobody's way when the run ends early.
/// </remarks>
internal sealed class BucketsStep(FilesPlan plan, RestoreRequest request, RestoreTracker tracker)
{
    /// <summary>Runs the step. A bucket that the store does not take is a failure, and with it are its objects.</summary>
    /// <exception cref="ObjectStoreException">The store cannot be reached or the key may not create buckets.</exception>
    /// <exception cref="RestoreException">A bucket failed and the request stops at the first error.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var work in plan.Buckets.Where(work => !work.Exists))
        {
            using var working = tracker.Working($"{FileFailure.BucketKind} {work.Bucket.Id}");
            try
            {
                await CreateAsync(work, cancellationToken).ConfigureAwait(false);
                work.IsCreated = true;
            }
            catch (ObjectStoreException exception) when (exception is { IsTransient: false, Error: not ObjectStoreError.AccessDenied })
            {
                Lose(work, exception);
            }
            catch (ArgumentException exception)
            {
                // A name that no store has, such as an empty one: the backup is not to be trusted.
                Lose(work, exception);
            }
        }
    }

    private async Task CreateAsync(BucketWork work, CancellationToken cancellationToken)
    {
        try
        {
            await plan.Store.CreateBucketAsync(work.Bucket, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectStoreException exception) when (exception.Error == ObjectStoreError.TooLarge && work.Bucket.FileSizeLimitBytes is not null)
        {
            // A project with a smaller limit takes no bucket with a larger one; its objects may well fit.
            await plan.Store.CreateBucketAsync(work.Bucket with { FileSizeLimitBytes = null }, cancellationToken).ConfigureAwait(false);
            tracker.Notice(
                $"Bucket '{work.Bucket.Id}' has no size limit of its own now: its limit of {work.Bucket.FileSizeLimitBytes} bytes "
                + "is more than the store allows.");
        }
    }

    private void Lose(BucketWork work, Exception exception)
    {
        work.IsLost = true;
        var count = work.Chosen.Count.Objects;
        var failure = FileFailure.Of(FileFailure.BucketKind, work.Bucket.Id, exception);
        failure = failure with
        {
            Reason = $"{failure.Reason.TrimEnd('.')}. Its {count} objects were not uploaded.",
            Hint = failure.Hint ?? "Create the bucket by other means, with settings that the store takes, and restore again.",
        };
        tracker.Fail(failure);
        if (request.StopOnFirstError)
        {
            throw TargetFault.ToException(failure, FileFailure.Stopped, exception);
        }
    }
}
