using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.Pipeline.Sources;

namespace Backup.Core.Pipeline;

/// <summary>One bucket during a run: what was listed of it, and what became of that. For any number of threads.</summary>
internal sealed class BucketRun
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _timeProvider;
    private long? _startedAt;
    private long _finishedAt;
    private long _listed;
    private long _stored;
    private long _storedBytes;
    private long _reused;
    private long _reusedBytes;
    private long _failed;
    private long _keptListed;

    /// <summary>Creates a bucket of which nothing has been listed.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="kept">What earlier parts of the run stored of it.</param>
    /// <param name="timeProvider">The clock.</param>
    public BucketRun(ChosenBucket bucket, StoredBucket kept, TimeProvider timeProvider)
    {
        Bucket = bucket;
        Kept = kept;
        _timeProvider = timeProvider;
    }

    /// <summary>The bucket, and what it holds where that was counted.</summary>
    public ChosenBucket Bucket { get; }

    /// <summary>The bucket's id.</summary>
    public string Id => Bucket.Info.Id;

    /// <summary>Counts an object that the listing gave.</summary>
    public void AddListed()
    {
        lock (_gate)
        {
            _listed++;
            _finishedAt = _timeProvider.GetTimestamp();
            _startedAt ??= _finishedAt;
        }
    }

    /// <summary>What earlier parts of the run stored of it.</summary>
    public StoredBucket Kept { get; }

    /// <summary>Whether each object that was listed is stored, kept or failed.</summary>
    public bool IsSettled
    {
        get
        {
            lock (_gate)
            {
                return _stored + _keptListed + _failed == _listed;
            }
        }
    }

    /// <summary>How many objects are neither stored nor kept nor failed; <see langword="null"/> where nobody knows how many there are.</summary>
    public long? Left
    {
        get
        {
            lock (_gate)
            {
                return Bucket.Objects - _stored - _keptListed - _failed;
            }
        }
    }

    /// <summary>Counts a listed object that an earlier part of the run stored.</summary>
    public void AddKept()
    {
        lock (_gate)
        {
            _keptListed++;
        }
    }

    /// <summary>Counts an object that the archive holds.</summary>
    public void AddStored(long bytes)
    {
        lock (_gate)
        {
            _stored++;
            _storedBytes += bytes;
            _finishedAt = _timeProvider.GetTimestamp();
        }
    }

    /// <summary>Counts an object that the archive references: it is stored too, and was not downloaded.</summary>
    public void AddReused(long bytes)
    {
        lock (_gate)
        {
            _stored++;
            _storedBytes += bytes;
            _reused++;
            _reusedBytes += bytes;
            _finishedAt = _timeProvider.GetTimestamp();
        }
    }

    /// <summary>Counts an object that the backup will not hold.</summary>
    public void AddFailed()
    {
        lock (_gate)
        {
            _failed++;
            _finishedAt = _timeProvider.GetTimestamp();
        }
    }

    /// <summary>Counts what a worker has listed of it, and what became of that.</summary>
    public void AddElsewhere(long listed, long stored, long storedBytes, long failed)
    {
        lock (_gate)
        {
            _listed += listed;
            _stored += stored;
            _storedBytes += storedBytes;
            _failed += failed;
            _finishedAt = _timeProvider.GetTimestamp();
            _startedAt ??= _finishedAt;
        }
    }

    /// <summary>What was listed, stored and lost of it by now, apart from what earlier parts of the run kept.</summary>
    public (long Listed, long Stored, long StoredBytes, long Failed) Counts
    {
        get
        {
            lock (_gate)
            {
                return (_listed, _stored, _storedBytes, _failed);
            }
        }
    }

    /// <summary>Proves that every object that there was is in the backup or among the failures.</summary>
    /// <exception cref="ObjectStoreException">One was lost on the way.</exception>
    public void Prove()
    {
        lock (_gate)
        {
            if (Bucket.Objects is { } counted && counted != _listed)
            {
                throw Lost($"the snapshot counts {counted} objects, but its listing gave {_listed}");
            }

            if (_stored + _keptListed + _failed != _listed)
            {
                throw Lost($"{_listed} objects were listed, but {_stored + _keptListed} were stored and {_failed} failed");
            }
        }
    }

    /// <summary>What a finished bucket's line in the manifest is.</summary>
    public BucketRecord ToRecord()
    {
        lock (_gate)
        {
            return new BucketRecord
            {
                Id = Id,
                Path = EntryPaths.BucketFolder(Id),
                // What an earlier part stored and this one's listing has no more was listed then.
                Listed = _listed + Kept.Objects - _keptListed,
                Objects = _stored + Kept.Objects,
                RawBytes = _storedBytes + Kept.RawBytes,
            };
        }
    }

    /// <summary>What a finished bucket's line in the result is.</summary>
    public BucketResult ToResult()
    {
        lock (_gate)
        {
            var duration = _startedAt is { } startedAt ? _timeProvider.GetElapsedTime(startedAt, _finishedAt) : TimeSpan.Zero;
            return new BucketResult(Id, _stored + Kept.Objects, _storedBytes + Kept.RawBytes, _failed, duration)
            {
                ReusedObjects = _reused + Kept.ReusedObjects,
                ReusedBytes = _reusedBytes + Kept.ReusedBytes,
                ObjectsPerSecond = Rate.PerSecond(_stored - _reused, duration),
                BytesPerSecond = Rate.PerSecond(_storedBytes - _reusedBytes, duration),
            };
        }
    }

    private ObjectStoreException Lost(string what) =>
        new($"Bucket '{Id}' cannot be proven to be complete: {what}. Nothing was committed.")
        {
            Subject = Id,
            Hint = "Run the backup again; should this come back, it is a fault of this library or of the store's listing, so please report it.",
        };
}
