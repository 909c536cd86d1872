using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
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
    private long _failed;

    /// <summary>Creates a bucket of which nothing has been listed.</summary>
    public BucketRun(ChosenBucket bucket, TimeProvider timeProvider)
    {
        Bucket = bucket;
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

    /// <summary>Counts an object that the backup will not hold.</summary>
    public void AddFailed()
    {
        lock (_gate)
        {
            _failed++;
            _finishedAt = _timeProvider.GetTimestamp();
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

            if (_stored + _failed != _listed)
            {
                throw Lost($"{_listed} objects were listed, but {_stored} were stored and {_failed} failed");
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
                Listed = _listed,
                Objects = _stored,
                RawBytes = _storedBytes,
            };
        }
    }

    /// <summary>What a finished bucket's line in the result is.</summary>
    public BucketResult ToResult()
    {
        lock (_gate)
        {
            var duration = _startedAt is { } startedAt ? _timeProvider.GetElapsedTime(startedAt, _finishedAt) : TimeSpan.Zero;
            return new BucketResult(Id, _stored, _storedBytes, _failed, duration);
        }
    }

    private ObjectStoreException Lost(string what) =>
        new($"Bucket '{Id}' cannot be proven to be complete: {what}. Nothing was committed.")
        {
            Subject = Id,
            Hint = "Run the backup again; should this come back, it is a fault of this library or of the store's listing, so please report it.",
        };
}
