using System.Globalization;
using System.Runtime.CompilerServices;
using Backup.Core.Errors;
using Backup.Core.Hosting;
using Backup.Core.ObjectStores;

namespace Backup.Core.Pipeline.Failures;

/// <summary>A store whose answers and bytes come in time, or fail. For any number of threads; a run only reads it.</summary>
/// <remarks>The store's own limits, where it has any, are finer and come first. Contents must heed their tokens, as the contract asks.</remarks>
internal sealed class TimedObjectStore(IObjectStore inner, TimeSpan limit, TimeProvider timeProvider) : IObjectStore, IDisposable
{
    /// <inheritdoc/>
    public ObjectStoreCapabilities Capabilities => inner.Capabilities;

    /// <inheritdoc/>
    public IAsyncEnumerable<BucketInfo> ListBucketsAsync(CancellationToken cancellationToken = default) =>
        ListAsync("listing the buckets", Capabilities.Location, inner.ListBucketsAsync, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredObject> ListObjectsAsync(string bucket, string prefix = "", CancellationToken cancellationToken = default) =>
        ListAsync($"listing bucket '{bucket}'", bucket, token => inner.ListObjectsAsync(bucket, prefix, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredObject?> FindObjectAsync(string bucket, string name, CancellationToken cancellationToken = default) => RunAsync(
        "looking up", $"{bucket}/{name}", token => inner.FindObjectAsync(bucket, name, token), static _ => { }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ObjectContent> OpenReadAsync(
        string bucket, string name, long offset = 0, CancellationToken cancellationToken = default)
    {
        var subject = $"{bucket}/{name}";
        var content = await RunAsync(
            "opening", subject, token => inner.OpenReadAsync(bucket, name, offset, token), LateDisposal.OfResult, cancellationToken)
            .ConfigureAwait(false);
        var stream = new TimedContentStream(content, limit, timeProvider, () => TooSlow($"downloading '{MessageText.OneLine(subject)}'", subject));
        return new ObjectContent(stream, content.TotalBytes, content.ETag);
    }

    /// <inheritdoc/>
    public ValueTask PutAsync(ObjectUpload upload, CancellationToken cancellationToken = default) => inner.PutAsync(upload, cancellationToken);

    /// <inheritdoc/>
    public ValueTask CreateBucketAsync(BucketInfo bucket, CancellationToken cancellationToken = default) =>
        inner.CreateBucketAsync(bucket, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => (inner as IDisposable)?.Dispose();

    private async IAsyncEnumerable<T> ListAsync<T>(
        string action,
        string subject,
        Func<CancellationToken, IAsyncEnumerable<T>> list,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var cut = new CancellationTokenSource();
        using var registration = cancellationToken.UnsafeRegister(static cut => ((CancellationTokenSource)cut!).Cancel(), cut);
        var items = list(cut.Token).GetAsyncEnumerator(cut.Token);
        var isLeftBehind = false;
        try
        {
            while (await MoveAsync().ConfigureAwait(false))
            {
                yield return items.Current;
            }
        }
        finally
        {
            if (!isLeftBehind)
            {
                await items.DisposeAsync().ConfigureAwait(false);
            }
        }

        // Most steps take an item of a page that is there already: those wait for nothing, and cost nothing.
        ValueTask<bool> MoveAsync()
        {
            var move = items.MoveNextAsync();
            return move.IsCompletedSuccessfully ? move : WaitAsync(move.AsTask());
        }

        async ValueTask<bool> WaitAsync(Task<bool> move)
        {
            var end = await BoundedCall.WaitAsync(move, cut, limit, timeProvider, cancellationToken).ConfigureAwait(false);
            isLeftBehind = end.IsLeftBehind;
            return await EndAsync(end, action, subject, static _ => { }, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<T> RunAsync<T>(
        string action,
        string subject,
        Func<CancellationToken, ValueTask<T>> call,
        Action<Task<T>> onLeftBehind,
        CancellationToken cancellationToken)
    {
        var cut = new CancellationTokenSource();
        var end = await BoundedCall.RunAsync(call, cut, limit, timeProvider, cancellationToken).ConfigureAwait(false);
        if (!end.IsLeftBehind)
        {
            cut.Dispose();
        }

        return await EndAsync(end, $"{action} '{MessageText.OneLine(subject)}'", subject, onLeftBehind, cancellationToken).ConfigureAwait(false);
    }

    private Task<T> EndAsync<T>(
        CallEnd<T> end, string action, string subject, Action<Task<T>> onLeftBehind, CancellationToken cancellationToken)
    {
        if (end.IsLeftBehind)
        {
            onLeftBehind(end.Call);
        }

        // A step of a listing is cancelled by the token of the listing, which the caller does not know.
        var isCancelled = end.Outcome.HasFlag(CallOutcome.Cancelled) || (end.Call.IsCanceled && cancellationToken.IsCancellationRequested);
        return isCancelled ? throw new OperationCanceledException(cancellationToken)
            : end.Outcome.HasFlag(CallOutcome.TimedOut) ? throw TooSlow(action, subject)
            : end.Call;
    }

    private ObjectStoreException TooSlow(string action, string subject) => new(string.Create(
        CultureInfo.InvariantCulture, $"The store '{Capabilities.Location}' hangs: {action} brought nothing for {limit.TotalSeconds:0.###} s."))
    {
        Error = ObjectStoreError.Unavailable,
        Category = ErrorCategory.TimeOut,
        Subject = subject,
        IsTransient = true,
        Hint = $"See whether the store answers, or allow more time ({nameof(BackupOptions.Timeouts)}.{nameof(BackupTimeouts.Transfer)}).",
    };
}
