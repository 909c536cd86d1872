using Backup.Core.Diagnostics;
using Backup.Core.Hosting;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline.Memory;

/// <summary>Looks twice a second how much memory the process takes, and has the run take less above two watermarks.</summary>
/// <remarks>
/// <para>Above the low one the budget grants no more than work needs to go on (<see cref="ResourcePlan.SlowedBytes"/>), until memory is a
/// sixteenth below it again. Above the high one kept buffers are given up and the collector compacts, every ten seconds at most.</para>
/// <para>It takes samples on a timer, not on a thread, and never waits; so nobody waits for it.</para>
/// </remarks>
internal sealed class MemoryWatch : IAsyncDisposable
{
    /// <summary>The time between two samples.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>The least time between two compactions: each stops all threads of the process.</summary>
    public static readonly TimeSpan CompactionInterval = TimeSpan.FromSeconds(10);

    // Without it a run at the very watermark would be slowed and let go twice a second.
    private const int LeewayDivisor = 16;

    private readonly MemoryBudget _budget;
    private readonly BufferPool _buffers;
    private readonly ProcessMemory _process;
    private readonly Func<long> _sinkBytes;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly string _id;
    private readonly ITimer _timer;

    // Under _gate.
    private readonly Lock _gate = new();
    private ResourcePlan _plan;
    private long? _slowedSince;
    private long? _compactedAt;
    private TimeSpan _slowedFor;
    private int _timesSlowed;
    private int _timesCompacted;
    private long _peakWorkingSet;
    private long _peakManaged;

    /// <summary>Takes a first sample and starts to watch.</summary>
    /// <param name="plan">The watermarks and what work needs to go on.</param>
    /// <param name="budget">What is slowed.</param>
    /// <param name="buffers">What is trimmed.</param>
    /// <param name="process">What is watched.</param>
    /// <param name="sinkBytes">What the sink holds of the host's memory besides.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Told the first time that a watermark is passed.</param>
    /// <param name="id">The backup's id, for the log.</param>
    public MemoryWatch(
        ResourcePlan plan,
        MemoryBudget budget,
        BufferPool buffers,
        ProcessMemory process,
        Func<long> sinkBytes,
        TimeProvider timeProvider,
        ILogger logger,
        string id)
    {
        _plan = plan;
        _budget = budget;
        _buffers = buffers;
        _process = process;
        _sinkBytes = sinkBytes;
        _timeProvider = timeProvider;
        _logger = logger;
        _id = id;
        Sample();
        _timer = timeProvider.CreateTimer(static state => ((MemoryWatch)state!).Tick(), this, Interval, Interval);
    }

    /// <summary>Goes by another plan of the same budget from now on.</summary>
    public void Use(ResourcePlan plan)
    {
        lock (_gate)
        {
            _plan = plan;
            if (_slowedSince is not null)
            {
                _budget.LimitTo(plan.SlowedBytes);
            }
        }
    }

    /// <summary>What was found and done so far; with a sample of this moment.</summary>
    /// <param name="limitBytes">What the process may take.</param>
    public BackupMemory Capture(long limitBytes)
    {
        Sample();
        lock (_gate)
        {
            return new BackupMemory
            {
                LimitBytes = limitBytes,
                LowWatermarkBytes = _plan.LowWatermarkBytes,
                HighWatermarkBytes = _plan.HighWatermarkBytes,
                PeakWorkingSetBytes = _peakWorkingSet,
                PeakManagedBytes = _peakManaged,
                PeakBufferBytes = _buffers.PeakBytes,
                SinkBytes = _sinkBytes(),
                TimesSlowed = _timesSlowed,
                SlowedFor = _slowedFor + (_slowedSince is { } since ? _timeProvider.GetElapsedTime(since) : TimeSpan.Zero),
                TimesCompacted = _timesCompacted,
            };
        }
    }

    /// <summary>Stops watching; no sample is under way when this has ended.</summary>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Tick()
    {
        // A compaction may take longer than the interval; samples must not queue up behind it.
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            Sample();
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void Sample()
    {
        lock (_gate)
        {
            var workingSet = _process.WorkingSetBytes;
            var used = workingSet + _sinkBytes();
            _peakWorkingSet = Math.Max(_peakWorkingSet, workingSet);
            _peakManaged = Math.Max(_peakManaged, _process.ManagedBytes);
            if (used > _plan.LowWatermarkBytes)
            {
                SlowDown(used);
            }
            else if (used <= _plan.LowWatermarkBytes - (_plan.LowWatermarkBytes / LeewayDivisor))
            {
                GoOn();
            }

            if (used > _plan.HighWatermarkBytes)
            {
                Compact(used);
            }
        }
    }

    private void SlowDown(long used)
    {
        if (_slowedSince is not null)
        {
            return;
        }

        _slowedSince = _timeProvider.GetTimestamp();
        _budget.LimitTo(_plan.SlowedBytes);
        if (_timesSlowed++ == 0)
        {
            _logger.MemoryAboveLowWatermark(_id, used, _plan.LowWatermarkBytes);
        }
    }

    private void GoOn()
    {
        if (_slowedSince is { } since)
        {
            _slowedFor += _timeProvider.GetElapsedTime(since);
            _slowedSince = null;
            _budget.LimitTo(_budget.TotalBytes);
        }
    }

    private void Compact(long used)
    {
        if (_compactedAt is { } at && _timeProvider.GetElapsedTime(at) < CompactionInterval)
        {
            return;
        }

        if (_timesCompacted++ == 0)
        {
            _logger.MemoryAboveHighWatermark(_id, used, _plan.HighWatermarkBytes);
        }

        _buffers.Trim();
        _process.Compact();
        _compactedAt = _timeProvider.GetTimestamp();
    }
}
