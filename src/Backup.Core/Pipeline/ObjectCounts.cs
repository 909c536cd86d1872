using Backup.Core.Diagnostics;

namespace Backup.Core.Pipeline;

/// <summary>How far the objects of a run are. For any number of threads.</summary>
internal sealed class ObjectCounts(RunTelemetry? telemetry = null)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ObjectTransfer> _current = [];
    private long _listed;
    private long _listedBytes;
    private long _done;
    private long _doneBytes;
    private long _reused;
    private long _reusedBytes;
    private long _receivedBytes;
    private long _ended;
    private long? _total = 0;
    private long? _totalBytes = 0;

    /// <summary>What counts for listeners.</summary>
    public RunTelemetry Telemetry { get; } = telemetry ?? new RunTelemetry(BackupInstruments.For(null), TimeProvider.System);

    /// <summary>All that has been received, what was read in vain included: for the rate.</summary>
    public long ReceivedBytes => Interlocked.Read(ref _receivedBytes);

    /// <summary>Changes whenever an object is listed, a byte of one comes, or a transfer has ended in any way.</summary>
    public long Mark => ReceivedBytes + Interlocked.Read(ref _listed) + Interlocked.Read(ref _ended);

    /// <summary>How many objects there are; <see langword="null"/> until that is known.</summary>
    public long? Total
    {
        get
        {
            lock (_gate)
            {
                return _total;
            }
        }
    }

    /// <summary>Says what there is to copy.</summary>
    public void SetBuckets(IEnumerable<BucketRun> buckets)
    {
        lock (_gate)
        {
            foreach (var bucket in buckets)
            {
                _total += bucket.Bucket.Objects;
                _totalBytes += bucket.Bucket.Bytes;
            }
        }
    }

    /// <summary>Counts an object that the listing gave.</summary>
    public void AddListed(long? bytes)
    {
        lock (_gate)
        {
            _listed++;
            _listedBytes += bytes ?? 0;
        }
    }

    /// <summary>Says that there are no more objects than those listed.</summary>
    public void CompleteListing()
    {
        lock (_gate)
        {
            _total ??= _listed;
            _totalBytes ??= _listedBytes;
        }
    }

    /// <summary>Says that the download of an object begins.</summary>
    public ObjectTransfer Begin(string bucket, string name, long? bytes)
    {
        var transfer = new ObjectTransfer(bucket, name, bytes);
        lock (_gate)
        {
            _current.Add(transfer);
        }

        return transfer;
    }

    /// <summary>Counts bytes of an object as they pass.</summary>
    public void AddRead(ObjectTransfer transfer, int bytes)
    {
        transfer.Add(bytes);
        Interlocked.Add(ref _receivedBytes, bytes);
        Telemetry.AddObjectBytes(bytes);
    }

    /// <summary>Says that a download has ended, well or not.</summary>
    public void End(ObjectTransfer transfer)
    {
        lock (_gate)
        {
            _current.Remove(transfer);
            _ended++;
        }
    }

    /// <summary>Says that an object is dealt with: it is in the archive, or has failed for good.</summary>
    /// <param name="bytes">Its size as it was listed.</param>
    public void Complete(long? bytes)
    {
        lock (_gate)
        {
            _done++;
            _doneBytes += bytes ?? 0;
        }
    }

    /// <summary>Says that an object is dealt with that the parent holds.</summary>
    /// <param name="bytes">Its size.</param>
    public void CompleteReused(long bytes)
    {
        lock (_gate)
        {
            _done++;
            _doneBytes += bytes;
            _reused++;
            _reusedBytes += bytes;
        }
    }

    /// <summary>Counts what a worker has copied since it told of it before.</summary>
    public void AddElsewhere(long objects, long bytes)
    {
        Interlocked.Add(ref _receivedBytes, bytes);
        Telemetry.AddObjectBytes(Math.Max(0, bytes));
        lock (_gate)
        {
            _listed += objects;
            _listedBytes += bytes;
            _done += objects;
            _doneBytes += bytes;
        }
    }

    /// <summary>All of it, at one moment.</summary>
    public ObjectState Capture()
    {
        lock (_gate)
        {
            List<ObjectProgress> current = [.. _current.Select(transfer => transfer.ToProgress())];
            return new ObjectState(
                _done, _total, _doneBytes + current.Sum(item => item.Bytes), _totalBytes, Math.Max(_listedBytes, _doneBytes), current)
            {
                Reused = _reused,
                ReusedBytes = _reusedBytes,
            };
        }
    }
}
