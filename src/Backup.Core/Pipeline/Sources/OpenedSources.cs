using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Postgres.Schema;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline.Sources;

/// <summary>What one run reads from: the snapshot of the database, the object store and its listing, each where there is one.</summary>
/// <remarks>The snapshot is given back as soon as nothing needs it any more; the store is read to the end of the run.</remarks>
internal sealed class OpenedSources : IAsyncDisposable
{
    private readonly ObjectStoreSource? _storeSource;
    private readonly Func<ObjectListing, ObjectListing>? _narrow;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _confirming = new(1);
    private bool _isSnapshotOpen = true;
    private bool _wasHeldToTheEnd;

    private OpenedSources(ObjectStoreSource? storeSource, Func<ObjectListing, ObjectListing>? narrow, ILogger logger)
    {
        _storeSource = storeSource;
        _narrow = narrow;
        _logger = logger;
        Store = storeSource?.Open();
    }

    /// <summary>The snapshot; <see langword="null"/> without a database.</summary>
    public RowSnapshot? Snapshot { get; private set; }

    /// <summary>The store; <see langword="null"/> without one.</summary>
    public IObjectStore? Store { get; }

    /// <summary>The listing of the store's objects; <see langword="null"/> without a store.</summary>
    public ObjectListing? Listing { get; private set; }

    /// <summary>The buckets to copy, in ordinal order of their ids.</summary>
    public IReadOnlyList<ChosenBucket> Buckets { get; private set; } = [];

    /// <summary>Opens all of them. What is wrong with the store as a whole is found here, before a row is read.</summary>
    /// <exception cref="DatabaseException">The database cannot be read.</exception>
    /// <exception cref="ObjectStoreException">The store cannot be reached, refuses the key, or has no bucket that was asked for.</exception>
    public static async Task<OpenedSources> OpenAsync(
        PipelineParts parts, BackupRequest request, ResourcePlan plan, CancellationToken cancellationToken)
    {
        var sources = new OpenedSources(parts.Store, parts.Narrow, parts.Logger);
        try
        {
            var listed = await sources.ListBucketsAsync(cancellationToken).ConfigureAwait(false);
            if (parts.Source is { } source)
            {
                var listsObjects = sources.Store?.Capabilities.IsListedInDatabase ?? false;
                sources.Snapshot = await source
                    .OpenAsync(request, parts.Options, plan, listsObjects, parts.Logger, cancellationToken).ConfigureAwait(false);

                // A resumable run reads the catalogs last, hours later.
                if (!request.AllowUnsupported && KnownServers.FindFault(sources.Snapshot.Info.ServerVersionNumber / 10_000) is { } fault)
                {
                    KnownServers.ThrowIfAny([fault]);
                }
            }

            if (sources.Store is { } store)
            {
                await sources.ChooseBucketsAsync(store, listed, request.Objects, cancellationToken).ConfigureAwait(false);
            }

            return sources;
        }
        catch
        {
            await sources.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes sure that the snapshot was held until now, and closes it: all rows are read and all objects listed.</summary>
    /// <exception cref="DatabaseException">It was lost on the way.</exception>
    public async Task ReleaseSnapshotAsync(CancellationToken cancellationToken)
    {
        await _confirming.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Snapshot is { } snapshot)
            {
                await snapshot.ConfirmAsync(cancellationToken).ConfigureAwait(false);
            }

            _wasHeldToTheEnd = true;
            await CloseSnapshotAsync().ConfigureAwait(false);
        }
        finally
        {
            _confirming.Release();
        }
    }

    /// <summary>Asks, without waiting for anybody, whether the snapshot was held until now, or until it was given back.</summary>
    /// <returns><see langword="false"/> when nothing is known.</returns>
    public async Task<bool> TryConfirmSnapshotAsync(CancellationToken cancellationToken)
    {
        if (!await _confirming.WaitAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        try
        {
            return _wasHeldToTheEnd || Snapshot is null
                || (_isSnapshotOpen && await Snapshot.TryConfirmAsync(cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            _confirming.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseSnapshotAsync().ConfigureAwait(false);
        _confirming.Dispose();
        if (_storeSource is { IsOwnedByRun: true } && Store is IDisposable store)
        {
            store.Dispose();
        }
    }

    private async Task<IReadOnlyList<BucketInfo>> ListBucketsAsync(CancellationToken cancellationToken)
    {
        var buckets = new List<BucketInfo>();
        if (Store is { } store)
        {
            await foreach (var bucket in store.ListBucketsAsync(cancellationToken).ConfigureAwait(false))
            {
                buckets.Add(bucket);
            }
        }

        return buckets;
    }

    private async Task ChooseBucketsAsync(
        IObjectStore store, IReadOnlyList<BucketInfo> listed, ObjectSelection selection, CancellationToken cancellationToken)
    {
        if (Snapshot is { } snapshot && store.Capabilities.IsListedInDatabase)
        {
            Listing = await snapshot.OpenObjectsAsync(cancellationToken).ConfigureAwait(false);
        }

        Listing ??= new StoreListing(store, listed);
        if (_narrow is not null)
        {
            Listing = _narrow(Listing);
        }

        Buckets = await Listing.FindBucketsAsync(selection, cancellationToken).ConfigureAwait(false);
        var unmatched = selection.Unmatched([.. Buckets.Select(bucket => bucket.Info.Id)]).ToList();
        if (unmatched.Count > 0)
        {
            throw new ObjectStoreException($"No bucket of {store.Capabilities.Location} fits '{string.Join("', '", unmatched)}'.")
            {
                Error = ObjectStoreError.BucketNotFound,
                Subject = unmatched[0],
                Hint = "Check the pattern, in which case counts, and that the key sees the bucket.",
            };
        }

        // A key without rights sees an empty list and no error.
        var isVisible = Buckets.Select(bucket => bucket.Info.Id).ToHashSet(StringComparer.Ordinal).Overlaps(listed.Select(bucket => bucket.Id));
        if (Buckets.Any(bucket => bucket.Objects > 0) && !isVisible)
        {
            throw new ObjectStoreException(
                $"{store.Capabilities.Location} shows none of the {Buckets.Count} buckets that the database lists.")
            {
                Error = ObjectStoreError.AccessDenied,
                Subject = store.Capabilities.Location,
                Hint = "Use the project's service key, and the database and the Storage address of one project.",
            };
        }
    }

    // Closing must not hide what went wrong before it.
    private async Task CloseSnapshotAsync()
    {
        if (!_isSnapshotOpen)
        {
            return;
        }

        _isSnapshotOpen = false;
        await CloseAsync(Listing, "listing").ConfigureAwait(false);
        await CloseAsync(Snapshot, "snapshot").ConfigureAwait(false);
    }

    private async Task CloseAsync(IAsyncDisposable? part, string subject)
    {
        try
        {
            if (part is not null)
            {
                await part.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            _logger.CleanUpFailed(subject, exception);
        }
    }
}
