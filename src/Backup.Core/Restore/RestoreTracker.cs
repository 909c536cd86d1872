using System.Collections.Concurrent;

namespace Backup.Core.Restore;

/// <summary>Counts what a run does and tells the caller at a bounded rate. Safe for several threads; reports never overlap.</summary>
internal sealed class RestoreTracker
{
    // How much of the whole the phases are when both rows and objects are restored; rows dominate.
    private const double PreDataShare = 0.05;
    private const double DataShare = 0.75;

    private readonly IProgress<RestoreProgress>? _progress;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _interval;
    private readonly long _startedAt;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, int> _current = new(StringComparer.Ordinal);
    private readonly List<RestoreFailure> _failures = [];

    private RestorePhase _phase;
    private long _reportedAt;
    private long _firstRowsAt;
    private double _percent;
    private int _objects;
    private int _tables;
    private long _rows;
    private long _rawBytes;

    public RestoreTracker(IProgress<RestoreProgress>? progress, TimeProvider timeProvider, TimeSpan interval)
    {
        _progress = progress;
        _timeProvider = timeProvider;
        _interval = interval;
        _startedAt = timeProvider.GetTimestamp();
        StartedAt = timeProvider.GetUtcNow();
    }

    /// <summary>When the run began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>The time since then.</summary>
    public TimeSpan Elapsed => _timeProvider.GetElapsedTime(_startedAt);

    /// <summary>The plan, once there is one; what the totals come from.</summary>
    public RestorePlan? Plan { get; set; }

    /// <summary>What has failed so far.</summary>
    public IReadOnlyList<RestoreFailure> Failures
    {
        get
        {
            lock (_lock)
            {
                return [.. _failures];
            }
        }
    }

    /// <summary>Enters a phase.</summary>
    public void Enter(RestorePhase phase)
    {
        _phase = phase;
        Report(force: true);
    }

    /// <summary>Says that an item is being worked on; disposing the result says that it no longer is.</summary>
    public IDisposable Working(string item)
    {
        _current.AddOrUpdate(item, 1, (_, count) => count + 1);
        Report();
        return new Work(this, item);
    }

    /// <summary>Counts objects that are done.</summary>
    public void AddObjects(int count)
    {
        Interlocked.Add(ref _objects, count);
        Report();
    }

    /// <summary>Counts a table that is done.</summary>
    public void AddTable()
    {
        Interlocked.Increment(ref _tables);
        Report();
    }

    /// <summary>Counts bytes of rows that were sent.</summary>
    public void AddBytes(int count)
    {
        Interlocked.CompareExchange(ref _firstRowsAt, _timeProvider.GetTimestamp(), 0);
        Interlocked.Add(ref _rawBytes, count);
        Report();
    }

    /// <summary>Counts rows that were committed.</summary>
    public void AddRows(long count) => Interlocked.Add(ref _rows, count);

    /// <summary>Notes a failure.</summary>
    public void Fail(RestoreFailure failure)
    {
        lock (_lock)
        {
            _failures.Add(failure);
        }
    }

    /// <summary>Says more about a failure that was noted.</summary>
    public void Amend(RestoreFailure failure, RestoreFailure amended)
    {
        lock (_lock)
        {
            _failures[_failures.IndexOf(failure)] = amended;
        }
    }

    private void Report(bool force = false)
    {
        if (_progress is null || (!force && _timeProvider.GetElapsedTime(Interlocked.Read(ref _reportedAt)) < _interval))
        {
            return;
        }

        lock (_lock)
        {
            if (force || _timeProvider.GetElapsedTime(_reportedAt) >= _interval)
            {
                Interlocked.Exchange(ref _reportedAt, _timeProvider.GetTimestamp());
                _progress.Report(Snapshot());
            }
        }
    }

    private RestoreProgress Snapshot()
    {
        var rawBytes = Interlocked.Read(ref _rawBytes);
        var totalBytes = Plan?.RawBytes ?? 0;
        var loading = _firstRowsAt == 0 ? TimeSpan.Zero : _timeProvider.GetElapsedTime(_firstRowsAt);
        var rate = loading > TimeSpan.Zero ? rawBytes / loading.TotalSeconds : 0;
        _percent = Math.Max(_percent, 100 * Fraction(rawBytes, totalBytes));
        return new RestoreProgress
        {
            Phase = _phase,
            Percent = _percent,
            ObjectsDone = _objects,
            ObjectsTotal = Plan?.Objects.Count ?? 0,
            TablesDone = _tables,
            TablesTotal = Plan?.Tables.Count ?? 0,
            Rows = Interlocked.Read(ref _rows),
            RowsTotal = Plan?.Rows ?? 0,
            RawBytes = rawBytes,
            RawBytesTotal = totalBytes,
            BytesPerSecond = rate,
            Elapsed = Elapsed,
            Remaining = _phase == RestorePhase.Data && rate > 0 ? TimeSpan.FromSeconds(Math.Max(0, totalBytes - rawBytes) / rate) : null,
            Failures = _failures.Count,
            Current = [.. _current.Keys.Order(StringComparer.Ordinal)],
        };
    }

    private double Fraction(long rawBytes, long totalBytes)
    {
        var rows = totalBytes == 0 ? 1 : Math.Min(1, (double)rawBytes / totalBytes);
        var objects = Plan is { Objects.Count: > 0 } plan ? Math.Min(1, (double)_objects / plan.Objects.Count) : 1;
        return _phase switch
        {
            RestorePhase.Preparing => 0,
            RestorePhase.PreData => PreDataShare * objects,
            RestorePhase.Data => PreDataShare + (DataShare * rows),
            RestorePhase.PostData => PreDataShare + DataShare + ((1 - PreDataShare - DataShare) * objects),
            _ => 1,
        };
    }

    private void Stop(string item)
    {
        if (_current.AddOrUpdate(item, 0, (_, count) => count - 1) <= 0)
        {
            _current.TryRemove(KeyValuePair.Create(item, 0));
        }
    }

    private sealed class Work(RestoreTracker tracker, string item) : IDisposable
    {
        public void Dispose() => tracker.Stop(item);
    }
}
