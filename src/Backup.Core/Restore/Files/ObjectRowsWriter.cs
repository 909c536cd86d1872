using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Postgres;
using Backup.Core.Postgres.StoredObjects;

namespace Backup.Core.Restore.Files;

/// <summary>
/// Puts back in the target database what an upload cannot give: ids, owners and times of the rows that the Storage server has
/// written. Rows are gathered and changed a batch at a time; what cannot be put back is a notice, as the objects are there.
/// </summary>
/// <remarks>
/// <see cref="AddAsync"/> is safe for several threads. Each batch has a connection of its own: a thousand large uploads take
/// longer than a network lets a connection rest.
/// </remarks>
internal sealed class ObjectRowsWriter(PostgresSource database, RestoreTracker tracker) : IDisposable
{
    private const int BatchObjects = 1000;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _lock = new();
    private List<StoredObject> _batch = new(BatchObjects);
    private long _lost;
    private long _unknown;
    private long _idsKept;
    private bool _losesTimes;
    private BackupException? _fault;

    /// <summary>Takes an object that is in the store.</summary>
    public Task AddAsync(StoredObject item, CancellationToken cancellationToken)
    {
        List<StoredObject>? full = null;
        lock (_lock)
        {
            _batch.Add(item);
            if (_batch.Count == BatchObjects)
            {
                (full, _batch) = (_batch, new List<StoredObject>(BatchObjects));
            }
        }

        return full is null ? Task.CompletedTask : WriteAsync(full, [], cancellationToken);
    }

    /// <summary>Changes the rows that are left, and those of buckets; then says what could not be put back.</summary>
    public async Task CompleteAsync(IReadOnlyList<BucketInfo> buckets, CancellationToken cancellationToken)
    {
        await WriteAsync(_batch, buckets, cancellationToken).ConfigureAwait(false);
        _batch = [];
        if (_lost > 0)
        {
            tracker.Notice($"Ids, owners and times of {_lost} objects or buckets could not be put back: {_fault!.Message}");
        }

        if (_unknown > 0)
        {
            tracker.Notice(
                $"{_unknown} objects have no row in storage.objects of the target database: is it the one of this object store?");
        }

        if (_idsKept > 0)
        {
            tracker.Notice($"{_idsKept} objects have other ids than in the backup: theirs are taken, or rows refer to the new ones.");
        }

        if (_losesTimes)
        {
            tracker.Notice("Triggers on the tables of schema storage could not be switched off, so updated_at may be the time of the restore.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task WriteAsync(List<StoredObject> batch, IReadOnlyList<BucketInfo> buckets, CancellationToken cancellationToken)
    {
        if (batch.Count + buckets.Count == 0)
        {
            return;
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await TryWriteAsync(batch, buckets, cancellationToken).ConfigureAwait(false);
        }
        catch (BackupException exception) when (exception.IsTransient)
        {
            // The rows are the same however often they are written.
            await TryAgainAsync(batch, buckets, cancellationToken).ConfigureAwait(false);
        }
        catch (BackupException exception)
        {
            Lose(batch.Count + buckets.Count, exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task TryAgainAsync(List<StoredObject> batch, IReadOnlyList<BucketInfo> buckets, CancellationToken cancellationToken)
    {
        try
        {
            await TryWriteAsync(batch, buckets, cancellationToken).ConfigureAwait(false);
        }
        catch (BackupException exception)
        {
            Lose(batch.Count + buckets.Count, exception);
        }
    }

    private async Task TryWriteAsync(List<StoredObject> batch, IReadOnlyList<BucketInfo> buckets, CancellationToken cancellationToken)
    {
        var rows = await StoredObjectRows.OpenAsync(database, cancellationToken).ConfigureAwait(false)
            ?? throw new DatabaseException("The tables storage.objects and storage.buckets are not of a known shape.");
        await using var disposal = rows.ConfigureAwait(false);
        var changed = await rows.RestoreAsync(batch, cancellationToken).ConfigureAwait(false);
        foreach (var bucket in buckets)
        {
            await rows.RestoreBucketAsync(bucket, cancellationToken).ConfigureAwait(false);
        }

        _unknown += batch.Count - changed;
        _idsKept += rows.IdsKept;
        _losesTimes |= !rows.KeepsTimes;
    }

    private void Lose(int count, BackupException exception)
    {
        _lost += count;
        _fault ??= exception;
    }
}
