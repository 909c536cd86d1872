using System.Collections.Concurrent;
using System.Threading.Channels;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>Downloads objects into blocks and sends those to be packed; at the end it tries once more what failed for a passing reason.</summary>
internal sealed class DownloadStage(
    int workers, ObjectReadRules rules, MemoryBudget budget, EntryContext context, ChannelReader<ObjectTask> input, ChannelWriter<PackItem> output)
{
    // So that memory stays the same however many fail: what finds no room here has failed for good.
    private const int MaxRetries = 1000;
    private const int MaxRetryCharacters = 2 * 1024 * 1024;

    private readonly ConcurrentQueue<ObjectTask> _retries = new();
    private readonly TaskCompletionSource _firstRound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _workersInFirstRound = workers;
    private long _retryCharacters;

    /// <summary>Works until there are no more objects, and none to be tried again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var task in input.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            // At the deadline taken out of the channel and left, so that nobody waits for room in it.
            if (!rules.Deadline.IsReached)
            {
                await DownloadAsync(task, mayRetry: true, cancellationToken).ConfigureAwait(false);
            }
        }

        if (Interlocked.Decrement(ref _workersInFirstRound) == 0)
        {
            _firstRound.SetResult();
        }

        await _firstRound.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        while (!rules.Deadline.IsReached && _retries.TryDequeue(out var task))
        {
            await DownloadAsync(task, mayRetry: false, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task DownloadAsync(ObjectTask task, bool mayRetry, CancellationToken cancellationToken)
    {
        var since = rules.Telemetry.Now();
        using var span = BackupSpans.Start(BackupTelemetry.ObjectSpan);
        span?.SetTag(BackupTelemetry.BucketAttribute, task.Bucket.Id).SetTag(BackupTelemetry.ObjectAttribute, task.Item.Name);
        try
        {
            using var download = new ObjectDownload(task, rules, budget, context, output);
            await download.RunAsync(cancellationToken).ConfigureAwait(false);
            rules.Silence.End();
            rules.Telemetry.AddDownload(since);
        }
        catch (ObjectStoreException failure) when (!cancellationToken.IsCancellationRequested)
        {
            rules.Silence.Add(failure);
            span.Fail(failure);
            if (!mayRetry || !IsWorthARetry(failure) || !TryKeep(task))
            {
                rules.Failures.Add(task.Bucket, task.Item, failure);
            }
        }
    }

    private bool TryKeep(ObjectTask task)
    {
        if (_retries.Count >= MaxRetries || Interlocked.Add(ref _retryCharacters, task.Item.Characters) > MaxRetryCharacters)
        {
            return false;
        }

        _retries.Enqueue(task);
        rules.Telemetry.AddRetry(RetryKind.StoredObject);
        return true;
    }

    // What a proxy garbled once looks like another object, or like none; asking again costs one request.
    private static bool IsWorthARetry(ObjectStoreException failure) =>
        failure.IsTransient || failure.Error is ObjectStoreError.ObjectNotFound or ObjectStoreError.Changed;
}
