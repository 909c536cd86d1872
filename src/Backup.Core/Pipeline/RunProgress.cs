using Backup.Core.Archives;
using Backup.Core.Diagnostics;
using Backup.Core.Pipeline.Stages.Rows;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline;

/// <summary>Gathers how far a run is and tells the caller at a bounded rate. For any number of threads.</summary>
internal sealed class RunProgress : IAsyncDisposable
{
    /// <summary>The time between two reports.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private const double NewestRateWeight = 0.3;

    private readonly IProgress<BackupProgress>? _receiver;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly BackupId _id;
    private readonly long _startedAt;
    private readonly ITimer? _timer;

    // Held while the receiver is called, so that it never hears from two threads at once.
    private readonly Lock _reporting = new();
    private bool _isReceiverBroken;
    private long _lastTimestamp;
    private long _lastBytes;
    private double _bytesPerSecond;

    // Under _gate.
    private readonly Lock _gate = new();
    private readonly HashSet<TableRun> _reading = [];
    private BackupPhase _phase;
    private long _copyStartedAt;
    private long _totalWeight;
    private double _readWeight;
    private int _tablesTotal;
    private int _tablesDone;
    private long _rows;
    private long _rawBytes;
    private long _storedBytes;

    /// <summary>Starts to report.</summary>
    public RunProgress(BackupId id, IProgress<BackupProgress>? receiver, TimeProvider timeProvider, ILogger logger)
    {
        _id = id;
        _receiver = receiver;
        _timeProvider = timeProvider;
        _logger = logger;
        _startedAt = _lastTimestamp = timeProvider.GetTimestamp();
        if (receiver is not null)
        {
            _timer = timeProvider.CreateTimer(_ => Tick(), null, Interval, Interval);
        }
    }

    /// <summary>How far the objects are.</summary>
    public ObjectCounts Objects { get; } = new();

    /// <summary>The time since the run began.</summary>
    public TimeSpan Elapsed => _timeProvider.GetElapsedTime(_startedAt);

    /// <summary>Says what the run is busy with now, and reports it.</summary>
    public void Enter(BackupPhase phase)
    {
        lock (_gate)
        {
            _phase = phase;
            _copyStartedAt = phase == BackupPhase.Copying ? _timeProvider.GetTimestamp() : _copyStartedAt;
        }

        lock (_reporting)
        {
            Report();
        }
    }

    /// <summary>Says what there is to read.</summary>
    public void SetTables(IReadOnlyList<TableRun> tables)
    {
        lock (_gate)
        {
            _tablesTotal = tables.Count;
            _totalWeight = tables.Sum(table => table.Weight);
        }
    }

    /// <summary>Says that a page of a table is being read.</summary>
    public void BeginPage(TableRun table)
    {
        table.BeginPage();
        lock (_gate)
        {
            _reading.Add(table);
        }
    }

    /// <summary>Counts rows as they pass.</summary>
    public void AddRead(PageTask task, long rows, long bytes)
    {
        // Of a relation that is read whole only the bytes tell how far it is; a range counts when it has been read.
        var fraction = task.IsWholeRelation ? bytes / (double)Math.Max(1, task.Table.Info.TotalBytes) : 0;
        var growth = task.Table.AddRead(rows, bytes, fraction);
        lock (_gate)
        {
            _rows += rows;
            _rawBytes += bytes;
            _readWeight += growth * task.Table.Weight;
        }
    }

    /// <summary>Says that the reading of a page has ended, well or not.</summary>
    public void EndPage(PageTask task)
    {
        var growth = task.Table.AddRead(0, 0, task.Fraction);
        task.Table.EndPage();
        lock (_gate)
        {
            _readWeight += growth * task.Table.Weight;
            if (!task.Table.IsBeingRead)
            {
                _reading.Remove(task.Table);
            }
        }
    }

    /// <summary>Says that an announced page is dealt with, or that all pages of the table have been announced.</summary>
    public void CompletePage(TableRun table)
    {
        if (table.CompletePage())
        {
            lock (_gate)
            {
                _tablesDone++;
            }
        }
    }

    /// <summary>Says how large the volumes are by now.</summary>
    public void SetStored(long bytes)
    {
        lock (_gate)
        {
            _storedBytes = bytes;
        }
    }

    /// <summary>Ends the reports; none is under way when this has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Tick()
    {
        // A receiver that is slower than the interval gets fewer reports, not a queue of them.
        if (!_reporting.TryEnter())
        {
            return;
        }

        try
        {
            Report();
        }
        finally
        {
            _reporting.Exit();
        }
    }

    private void Report()
    {
        if (_receiver is null || _isReceiverBroken)
        {
            return;
        }

        try
        {
            _receiver.Report(Capture());
        }
        catch (Exception exception)
        {
            // On a timer's thread it would end the process.
            _isReceiverBroken = true;
            _logger.ProgressReceiverFailed(exception);
        }
    }

    private BackupProgress Capture()
    {
        var now = _timeProvider.GetTimestamp();
        var objects = Objects.Capture();
        lock (_gate)
        {
            UpdateRate(now);
            var fraction = Fraction(objects);
            return new BackupProgress
            {
                Id = _id,
                Phase = _phase,
                Percent = fraction * 100,
                TablesDone = _tablesDone,
                TablesTotal = _tablesTotal,
                Rows = _rows,
                RawBytes = _rawBytes,
                ObjectsDone = objects.Done,
                ObjectsTotal = objects.Total,
                ObjectBytes = objects.Bytes,
                ObjectBytesTotal = objects.TotalBytes,
                StoredBytes = _storedBytes,
                BytesPerSecond = _bytesPerSecond,
                Elapsed = _timeProvider.GetElapsedTime(_startedAt, now),
                Remaining = objects.Total is null ? null : EstimateRemaining(fraction, now),
                CurrentTables = [.. _reading.Select(table => table.ToProgress())],
                CurrentObjects = objects.Current,
            };
        }
    }

    private double Fraction(ObjectState objects)
    {
        var total = ((double)_totalWeight * TableRun.BlockSize) + (objects.TotalBytes ?? objects.ListedBytes);
        var read = (_readWeight * TableRun.BlockSize) + objects.Bytes;
        return _phase switch
        {
            BackupPhase.OpeningSnapshot => 0,
            BackupPhase.Done => 1,
            _ => total == 0 ? 1 : Math.Min(read / total, 1),
        };
    }

    private void UpdateRate(long now)
    {
        var seconds = _timeProvider.GetElapsedTime(_lastTimestamp, now).TotalSeconds;

        // Reports at a change of phase come between two ticks; a rate over an instant is noise.
        if (seconds < Interval.TotalSeconds / 2)
        {
            return;
        }

        var bytes = _rawBytes + Objects.ReceivedBytes;
        var newest = (bytes - _lastBytes) / seconds;
        _bytesPerSecond = _bytesPerSecond == 0 ? newest : _bytesPerSecond + ((newest - _bytesPerSecond) * NewestRateWeight);
        _lastTimestamp = now;
        _lastBytes = bytes;
    }

    private TimeSpan? EstimateRemaining(double fraction, long now)
    {
        const double LeastFraction = 0.01;
        if (_phase != BackupPhase.Copying || fraction < LeastFraction)
        {
            return null;
        }

        return _timeProvider.GetElapsedTime(_copyStartedAt, now) * ((1 - fraction) / fraction);
    }
}
