using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;

namespace Backup.Core.Restore.Files;

/// <summary>Restores the chosen objects, several at once; what failed for a passing reason is tried again at the end.</summary>
/// <remarks>The index is streamed, so memory depends on the number of failures that are allowed and not on that of objects.</remarks>
internal sealed class FilesStep(
    FilesPlan plan,
    ObjectRestorer restorer,
    ObjectRowsWriter? rows,
    RestoreRequest request,
    RestoreOptions options,
    RestoreTracker tracker)
{
    private readonly ConcurrentQueue<FileWork> _again = new();
    private long _failures;

    private bool IsOverLimit => Interlocked.Read(ref _failures) + _again.Count > options.MaxObjectFailures;

    /// <summary>Runs the step; in a dry run it only finds out what would become of the objects.</summary>
    /// <exception cref="RestoreException">An object failed and the request stops at the first error.</exception>
    /// <exception cref="ArchiveFormatException">The index is damaged.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await RestoreAsync(ReadAsync(cancellationToken), isLast: false, cancellationToken).ConfigureAwait(false);
        var isStopped = IsOverLimit;
        var again = _again.ToArray();
        _again.Clear();
        await RestoreAsync(again.ToAsyncEnumerable(), isLast: true, cancellationToken).ConfigureAwait(false);
        NoteWhatIsMissing(isStopped);
    }

    private async IAsyncEnumerable<FileWork> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var file in plan.ReadAsync(isChosenOnly: true, cancellationToken).ConfigureAwait(false))
        {
            if (IsOverLimit)
            {
                yield break;
            }

            if (!file.Work.IsLost)
            {
                yield return file;
            }
        }
    }

    private Task RestoreAsync(IAsyncEnumerable<FileWork> files, bool isLast, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            files,
            new ParallelOptions { MaxDegreeOfParallelism = options.Transfers, CancellationToken = cancellationToken },
            async (file, token) => await RestoreAsync(file, isLast, token).ConfigureAwait(false));

    private async Task RestoreAsync(FileWork file, bool isLast, CancellationToken cancellationToken)
    {
        using var working = tracker.Working(file.Subject);
        using var span = BackupSpans.Start(BackupTelemetry.RestoreObjectSpan);
        span?.SetTag(BackupTelemetry.BucketAttribute, file.Object.Bucket).SetTag(BackupTelemetry.ObjectAttribute, file.Object.Name);
        try
        {
            var action = await restorer.RestoreAsync(file, cancellationToken).ConfigureAwait(false);
            Settle(file, action);
            if (rows is not null && MayPutBack(action))
            {
                await rows.AddAsync(file.Object, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (BackupException exception) when (exception.IsTransient && !isLast)
        {
            span.Fail(exception);
            tracker.AddRetry();
            _again.Enqueue(file);
        }
        catch (Exception exception) when (exception is BackupException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            // Names and properties come from outside; a store may stumble over one in its own way.
            span.Fail(exception);
            Fail(FileFailure.Of(FileFailure.ObjectKind, file.Subject, exception), exception);
        }
    }

    // A listing of the store knows no owners: what has not been uploaded may have a better row than that.
    private bool MayPutBack(FileAction action) =>
        action is FileAction.Create or FileAction.Overwrite || (action == FileAction.Skip && plan.KnowsRows);

    private void Settle(FileWork file, FileAction action)
    {
        var (tally, isCounted) = action switch
        {
            FileAction.Create => (file.Work.Created, request.DryRun),
            FileAction.Overwrite => (file.Work.Overwritten, request.DryRun),
            FileAction.Skip => (file.Work.Skipped, true),
            _ => (file.Work.Conflicting, true),
        };
        tally.Add(file.Entry.RawBytes);
        if (isCounted)
        {
            tracker.AddFileBytes(file.Entry.RawBytes);
        }

        if (action == FileAction.Conflict && !request.DryRun)
        {
            Fail(
                new RestoreFailure
                {
                    Kind = FileFailure.ObjectKind,
                    Subject = file.Subject,
                    Reason = "The bucket holds an object of that name already.",
                    Hint = "Skip identical ones or overwrite, or restore into an empty bucket.",
                },
                null);
            return;
        }

        tracker.AddFile();
    }

    private void Fail(RestoreFailure failure, Exception? cause)
    {
        tracker.AddFile();

        // The one that breaks the limit is named as well, so that there is always a reason to be seen.
        if (Interlocked.Increment(ref _failures) <= options.MaxObjectFailures + 1L)
        {
            tracker.Fail(failure);
        }

        if (request.StopOnFirstError)
        {
            throw TargetFault.ToException(failure, FileFailure.Stopped, cause);
        }
    }

    private void NoteWhatIsMissing(bool isStopped)
    {
        if (isStopped)
        {
            var missing = plan.Buckets.Sum(work => work.ToResult().Failed.Objects);
            tracker.Fail(new RestoreFailure
            {
                Kind = FileFailure.StorageKind,
                Subject = plan.Store.Capabilities.Location,
                Reason = $"More than {options.MaxObjectFailures} objects failed, so no further ones were tried: {missing} are missing.",
                Hint = "Remove the cause and restore again: what is there and identical is skipped.",
            });
        }

        foreach (var work in plan.Buckets.Where(work => work.Indexed != work.Recorded))
        {
            tracker.Fail(new RestoreFailure
            {
                Kind = FileFailure.BucketKind,
                Subject = work.Bucket.Id,
                Reason = $"The backup's index holds {work.Indexed} objects of it, the manifest says {work.Recorded}.",
                Hint = "Verify the backup and restore the bucket from another one.",
            });
        }
    }
}
