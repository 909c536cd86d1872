using Backup.Core.Archives;
using Backup.Core.Diagnostics;
using Backup.Core.Hosting;
using Backup.Core.Pipeline.Distribution;
using Backup.Core.Pipeline.Stages.Rows;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline;

/// <summary>Gathers how far a run is and tells the caller at a bounded rate. For any number of threads.</summary>
internal sealed class RunProgress : IAsyncDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly BackupId _id;
    private readonly long _startedAt;
    private readonly ProgressReporter _reporter;

    // Only the reporter uses it, for one report at a time.
    private readonly RecentRates _rates;

    // Under _gate.
    private readonly Lock _gate = new();
    private readonly HashSet<TableRun> _reading = [];
    private readonly RunTally _tally = new();
    private readonly PhaseClock _phases;
    private int _tablesTotal;
    private int _tablesDone;
    private Func<MemoryUse>? _memory;

    /// <summary>Starts to report.</summary>
    public RunProgress(
        BackupId id, IProgress<BackupProgress>? receiver, TimeProvider timeProvider, ILogger logger, BackupInstruments? instruments = null)
    {
        Telemetry = new RunTelemetry(instruments ?? BackupInstruments.For(null), timeProvider);
        Objects = new ObjectCounts(Telemetry);
        _id = id;
        _timeProvider = timeProvider;
        _startedAt = timeProvider.GetTimestamp();
        _rates = new RecentRates(timeProvider, _startedAt);
        _phases = new PhaseClock(timeProvider);
        _reporter = new ProgressReporter(receiver, Capture, timeProvider, logger);
    }

    /// <summary>How far the objects are.</summary>
    public ObjectCounts Objects { get; }

    /// <summary>What counts for the result and for listeners.</summary>
    public RunTelemetry Telemetry { get; }

    /// <summary>How long the run was in each phase so far.</summary>
    public IReadOnlyList<PhaseDuration> Phases
    {
        get
        {
            lock (_gate)
            {
                return _phases.ToList();
            }
        }
    }

    /// <summary>The time since the run began.</summary>
    public TimeSpan Elapsed => _timeProvider.GetElapsedTime(_startedAt);

    /// <summary>What this part of the run has done so far.</summary>
    public RunCounts Counts
    {
        get
        {
            var objects = Objects.Capture();
            lock (_gate)
            {
                return _tally.ToCounts(objects, Objects.ReceivedBytes);
            }
        }
    }

    /// <summary>The size of the volumes by now.</summary>
    public long StoredBytes
    {
        get
        {
            lock (_gate)
            {
                return _tally.StoredBytes;
            }
        }
    }

    /// <summary>Changes whenever anything moves: a row, a byte, a table, a phase.</summary>
    public long Mark
    {
        get
        {
            lock (_gate)
            {
                return _tally.Rows + _tally.RawBytes + _tally.StoredBytes + _tablesDone + (long)_phases.Current + Objects.Mark;
            }
        }
    }

    /// <summary>Says what the run is busy with now, and reports it.</summary>
    public void Enter(BackupPhase phase)
    {
        lock (_gate)
        {
            _phases.Enter(phase);
        }

        _reporter.ReportNow();
    }

    /// <summary>Says how to ask for what the run's buffers hold, and the process.</summary>
    public void WatchMemory(Func<BufferUse> buffers, ProcessMemory process)
    {
        Telemetry.WatchMemory(buffers);
        lock (_gate)
        {
            _memory = () => new MemoryUse(buffers().UsedBytes, buffers().LimitBytes, process.ManagedBytes, process.WorkingSetBytes);
        }
    }

    /// <summary>Says what there is to read.</summary>
    public void SetTables(IReadOnlyList<TableRun> tables)
    {
        lock (_gate)
        {
            _tablesTotal = tables.Count;
            _tablesDone = tables.Count(table => table.IsFinished);
            _tally.TotalWeight = tables.Sum(table => table.Weight);
        }
    }

    /// <summary>Says that a page of a table is being read.</summary>
    public void BeginPage(TableRun table)
    {
        table.BeginPage(Telemetry);
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
        Telemetry.AddRows(rows, bytes);
        lock (_gate)
        {
            _tally.AddRead(rows, bytes, growth * task.Table.Weight);
        }
    }

    /// <summary>Takes back what was counted of a page that will be read again from its beginning.</summary>
    public void UndoRead(PageTask task, long rows, long bytes)
    {
        task.Table.UndoRead(rows, bytes);
        lock (_gate)
        {
            _tally.AddRead(-rows, -bytes, 0);
        }
    }

    /// <summary>Says that the reading of a page has ended, well or not.</summary>
    public void EndPage(PageTask task)
    {
        var growth = task.Table.AddRead(0, 0, task.Fraction);
        task.Table.EndPage(Telemetry);
        lock (_gate)
        {
            _tally.AddRead(0, 0, growth * task.Table.Weight);
            if (!task.Table.IsBeingRead)
            {
                _reading.Remove(task.Table);
            }
        }
    }

    /// <summary>Says that an announced page is dealt with, or that all pages of the table have been announced.</summary>
    public void CompletePage(TableRun table)
    {
        if (table.CompletePage(Telemetry))
        {
            lock (_gate)
            {
                _tablesDone++;
            }
        }
    }

    /// <summary>Says how large the volumes are that earlier parts of the run have left.</summary>
    public void SetKept(long bytes)
    {
        lock (_gate)
        {
            _tally.SetKept(bytes);
        }
    }

    /// <summary>Says how large the volumes are by now.</summary>
    public void SetStored(long bytes)
    {
        long growth;
        lock (_gate)
        {
            growth = _tally.SetStored(bytes);
        }

        Telemetry.AddStored(growth);
    }

    /// <summary>Says that a worker reads a table no more, or reads another part of it.</summary>
    public void EndPart(TableRun table)
    {
        table.EndPage(Telemetry);
        lock (_gate)
        {
            if (!table.IsBeingRead)
            {
                _reading.Remove(table);
            }
        }
    }

    /// <summary>Counts what a worker has copied since it told of it before; less than nothing where what it had copied is lost.</summary>
    public void AddElsewhere(in WorkerCounts counts)
    {
        Objects.AddElsewhere(counts.Objects, counts.ObjectBytes);
        Telemetry.AddRows(Math.Max(0, counts.Rows), Math.Max(0, counts.RawBytes));
        Telemetry.AddStored(Math.Max(0, counts.StoredBytes));
        lock (_gate)
        {
            _tally.AddElsewhere(counts);
        }
    }

    /// <summary>What a worker tells of itself: all that it has copied.</summary>
    public WorkerCounts ToWorkerCounts()
    {
        var objects = Objects.Capture();
        lock (_gate)
        {
            return _tally.ToWorkerCounts(objects);
        }
    }

    /// <summary>Says that the volumes of workers count among the run's own from now on.</summary>
    public void AdoptElsewhere()
    {
        lock (_gate)
        {
            _tally.AdoptElsewhere();
        }
    }

    /// <summary>Ends the reports; none is under way when this has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _reporter.DisposeAsync().ConfigureAwait(false);
        Telemetry.Dispose();
    }

    /// <summary>How far the run is now.</summary>
    public BackupProgress Capture()
    {
        var now = _timeProvider.GetTimestamp();
        var objects = Objects.Capture();
        lock (_gate)
        {
            // Reports at a change of phase come between two ticks; a rate over an instant is noise.
            _rates.Add(now, _tally.ToCounts(objects, Objects.ReceivedBytes), ProgressReporter.Interval / 2);
            var fraction = _phases.Current switch
            {
                BackupPhase.OpeningSnapshot => 0,
                BackupPhase.Done => 1,
                _ => _tally.Fraction(objects),
            };
            return new BackupProgress
            {
                Id = _id,
                Phase = _phases.Current,
                Percent = fraction * 100,
                TablesDone = _tablesDone,
                TablesTotal = _tablesTotal,
                Rows = _tally.Rows,
                RawBytes = _tally.RawBytes,
                ObjectsDone = objects.Done,
                ObjectsTotal = objects.Total,
                ObjectBytes = objects.Bytes,
                ObjectBytesTotal = objects.TotalBytes,
                ObjectsReused = objects.Reused,
                ObjectBytesReused = objects.ReusedBytes,
                StoredBytes = _tally.StoredBytes,
                BytesPerSecond = _rates.PerSecond(static counts => counts.Bytes),
                RowsPerSecond = _rates.PerSecond(static counts => counts.Rows),
                ObjectsPerSecond = _rates.PerSecond(static counts => counts.Objects),
                StoredBytesPerSecond = _rates.PerSecond(static counts => counts.StoredBytes),
                Memory = _memory?.Invoke(),
                Elapsed = _timeProvider.GetElapsedTime(_startedAt, now),
                Remaining = objects.Total is null ? null : _phases.EstimateRemaining(fraction, now),
                CurrentTables = [.. _reading.Select(table => table.ToProgress())],
                CurrentObjects = objects.Current,
            };
        }
    }
}
