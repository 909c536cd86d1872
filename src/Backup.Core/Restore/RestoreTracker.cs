using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Backup.Core.Diagnostics;

namespace Backup.Core.Restore;

/// <summary>Counts what a run does and tells the caller at a bounded rate. Safe for several threads; reports never overlap.</summary>
internal sealed class RestoreTracker
{
    private readonly IProgress<RestoreProgress>? _progress;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _interval;
    private readonly long _startedAt;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, int> _current = new(StringComparer.Ordinal);
    private readonly List<RestoreFailure> _failures = [];
    private readonly List<string> _notices = [];
    private readonly List<string> _roles = [];

    private RestorePhase _phase;
    private long _reportedAt;
    private long _firstRowsAt;
    private long _firstFileAt;
    private double _percent;
    private int _objects;
    private int _tables;
    private long _rows;
    private long _rawBytes;
    private long _files;
    private long _fileBytes;

    public RestoreTracker(IProgress<RestoreProgress>? progress, TimeProvider timeProvider, TimeSpan interval)
    {
        _progress = progress;
        _timeProvider = timeProvider;
        _interval = interval;
        _startedAt = timeProvider.GetTimestamp();
        StartedAt = timeProvider.GetUtcNow();
    }

    /// <summary>What measures the run.</summary>
    public BackupInstruments Instruments { get; init; } = BackupInstruments.For(null);

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

    /// <summary>What is worth knowing so far though it is no failure.</summary>
    public IReadOnlyList<string> Notices
    {
        get
        {
            lock (_lock)
            {
                return [.. _notices];
            }
        }
    }

    /// <summary>The roles that were created so far.</summary>
    public IReadOnlyList<string> Roles
    {
        get
        {
            lock (_lock)
            {
                return [.. _roles];
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
        Instruments.AddIo(TelemetryValues.Restore, TelemetryValues.Write, TelemetryValues.Database, count);
        Report();
    }

    /// <summary>Counts rows that were committed.</summary>
    public void AddRows(long count)
    {
        Interlocked.Add(ref _rows, count);
        Count(Instruments.Rows, count);
    }

    /// <summary>Counts a stored object that is done.</summary>
    public void AddFile()
    {
        Interlocked.Increment(ref _files);
        Count(Instruments.Objects, 1);
        Report();
    }

    /// <summary>Counts a stored object that is tried again.</summary>
    public void AddRetry() =>
        Instruments.Retries.Add(1, KeyValuePair.Create<string, object?>(BackupTelemetry.RetryAttribute, TelemetryValues.StoredObject));

    /// <summary>Counts bytes of stored objects that were sent or skipped; a negative number takes those of a failed attempt back.</summary>
    public void AddFileBytes(long count)
    {
        Interlocked.CompareExchange(ref _firstFileAt, _timeProvider.GetTimestamp(), 0);
        Interlocked.Add(ref _fileBytes, count);
        Instruments.AddIo(TelemetryValues.Restore, TelemetryValues.Write, TelemetryValues.Storage, Math.Max(0, count));
        Report();
    }

    /// <summary>Notes what is worth knowing though it is no failure.</summary>
    public void Notice(string text)
    {
        lock (_lock)
        {
            _notices.Add(text);
        }
    }

    /// <summary>Notes a role that was created.</summary>
    public void AddRole(string name)
    {
        lock (_lock)
        {
            _roles.Add(name);
        }
    }

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

    private static void Count(Counter<long> counter, long count)
    {
        if (counter.Enabled)
        {
            counter.Add(count, KeyValuePair.Create<string, object?>(BackupTelemetry.OperationAttribute, TelemetryValues.Restore));
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
        var done = new RestoreCounts
        {
            Phase = _phase,
            Objects = _objects,
            RawBytes = Interlocked.Read(ref _rawBytes),
            Files = Interlocked.Read(ref _files),
            FileBytes = Interlocked.Read(ref _fileBytes),
        };
        var isFiles = _phase == RestorePhase.Files;
        var elapsed = TimeSince(isFiles ? _firstFileAt : _firstRowsAt);
        _percent = Math.Max(_percent, 100 * RestoreEstimate.Fraction(Plan, done));
        return new RestoreProgress
        {
            Phase = _phase,
            Percent = _percent,
            ObjectsDone = done.Objects,
            ObjectsTotal = Plan?.Objects.Count ?? 0,
            TablesDone = _tables,
            TablesTotal = Plan?.Tables.Count ?? 0,
            Rows = Interlocked.Read(ref _rows),
            RowsTotal = Plan?.Rows ?? 0,
            RawBytes = done.RawBytes,
            RawBytesTotal = Plan?.RawBytes ?? 0,
            FilesDone = done.Files,
            FilesTotal = Plan?.Files.Objects ?? 0,
            FileBytes = done.FileBytes,
            FileBytesTotal = Plan?.Files.Bytes ?? 0,
            BytesPerSecond = RestoreEstimate.RateOf(isFiles ? done.FileBytes : done.RawBytes, elapsed),
            Elapsed = Elapsed,
            Remaining = RestoreEstimate.Remaining(Plan, done, elapsed),
            Failures = _failures.Count,
            Current = [.. _current.Keys.Order(StringComparer.Ordinal)],
        };
    }

    private TimeSpan TimeSince(long start) => start == 0 ? TimeSpan.Zero : _timeProvider.GetElapsedTime(start);

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
