using Backup.Core.Archives;
using Backup.Core.Diagnostics;

namespace Backup.Core.Merging;

/// <summary>Counts what one merge has copied, and tells the caller. Used by one caller at a time.</summary>
internal sealed class MergeTracker(IProgress<MergeProgress>? progress, TimeProvider timeProvider, BackupInstruments instruments)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(250);

    private readonly long _startedAt = timeProvider.GetTimestamp();
    private long _reportedAt = timeProvider.GetTimestamp();
    private MergeTotals? _totals;

    /// <summary>The entries copied so far.</summary>
    public long Entries { get; private set; }

    /// <summary>The packed bytes copied so far.</summary>
    public long StoredBytes { get; private set; }

    /// <summary>The time since the start.</summary>
    public TimeSpan Elapsed => timeProvider.GetElapsedTime(_startedAt);

    /// <summary>Says what there is to be copied.</summary>
    public void Begin(MergeTotals totals)
    {
        _totals = totals;
        Report();
    }

    /// <summary>Counts an entry.</summary>
    public void Copied(IndexEntry entry)
    {
        Entries++;
        StoredBytes += entry.StoredBytes;
        instruments.AddIo(TelemetryValues.Merge, TelemetryValues.Read, null, entry.StoredBytes);
        instruments.AddIo(TelemetryValues.Merge, TelemetryValues.Write, null, entry.StoredBytes);
        if (progress is not null && timeProvider.GetElapsedTime(_reportedAt) >= ReportInterval)
        {
            Report();
        }
    }

    /// <summary>Tells the caller.</summary>
    public void Report()
    {
        if (progress is null || _totals is not { } totals)
        {
            return;
        }

        _reportedAt = timeProvider.GetTimestamp();
        var elapsed = Elapsed;
        progress.Report(new MergeProgress
        {
            Percent = totals.StoredBytes == 0 ? 100 : Math.Min(100, 100.0 * StoredBytes / totals.StoredBytes),
            Entries = Entries,
            EntriesTotal = totals.Entries,
            StoredBytes = StoredBytes,
            StoredBytesTotal = totals.StoredBytes,
            BytesPerSecond = elapsed > TimeSpan.Zero ? StoredBytes / elapsed.TotalSeconds : 0,
            Elapsed = elapsed,
        });
    }
}
