using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Backup.Core.Diagnostics;

/// <summary>The instruments that <see cref="BackupTelemetry"/> names, of one meter. For any number of threads.</summary>
internal sealed class BackupInstruments
{
    /// <summary>The library's version.</summary>
    public static readonly string? Version = typeof(BackupInstruments).Assembly.GetName().Version?.ToString(3);

    // A meter is a process-wide thing by nature: without a factory all pipelines share this one.
    private static readonly Meter SharedMeter = new(BackupTelemetry.MeterName, Version);

    // One set for each meter: pipelines come and go, and an instrument that observes lives as long as its meter.
    private static readonly ConditionalWeakTable<Meter, BackupInstruments> OfMeters = [];

    private readonly ConcurrentDictionary<string, LastSuccess> _lastSuccesses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<MemoryWatched, bool> _runs = new();

    private BackupInstruments(Meter meter)
    {
        RunDuration = meter.CreateHistogram<double>(
            BackupTelemetry.RunDuration,
            "s",
            "How long backups, restores, verifications and merges took.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400] });
        RunActive = meter.CreateUpDownCounter<long>(BackupTelemetry.RunActive, "{run}", "Backups, restores, verifications and merges under way.");
        Io = meter.CreateCounter<long>(BackupTelemetry.Io, "By", "Bytes read from sources and written to sinks and targets.");
        Rows = meter.CreateCounter<long>(BackupTelemetry.Rows, "{row}", "Rows read, or in a restore committed.");
        Objects = meter.CreateCounter<long>(BackupTelemetry.Objects, "{object}", "Objects stored, or in a restore dealt with.");
        PageDuration = meter.CreateHistogram<double>(BackupTelemetry.PageDuration, "s", "How long the reading of a page of rows took.");
        ObjectDuration = meter.CreateHistogram<double>(BackupTelemetry.ObjectDuration, "s", "How long an attempt to download an object took.");
        Retries = meter.CreateCounter<long>(BackupTelemetry.Retries, "{retry}", "What was tried again.");
        Failures = meter.CreateCounter<long>(BackupTelemetry.Failures, "{item}", "Tables and objects that were left out.");
        meter.CreateObservableGauge(BackupTelemetry.LastSuccessAge, ObserveLastSuccesses, "s", "The time since the last committed backup.");
        meter.CreateObservableUpDownCounter(
            BackupTelemetry.MemoryUsage, () => _runs.Keys.Sum(run => run.Read().UsedBytes), "By", "What the buffers of all runs hold.");
        meter.CreateObservableUpDownCounter(
            BackupTelemetry.MemoryLimit, () => _runs.Keys.Sum(run => run.Read().LimitBytes), "By", "What the buffers of all runs may hold.");
    }

    /// <summary>How long operations took.</summary>
    public Histogram<double> RunDuration { get; }

    /// <summary>Operations under way.</summary>
    public UpDownCounter<long> RunActive { get; }

    /// <summary>Bytes moved.</summary>
    public Counter<long> Io { get; }

    /// <summary>Rows read or committed.</summary>
    public Counter<long> Rows { get; }

    /// <summary>Objects stored or dealt with.</summary>
    public Counter<long> Objects { get; }

    /// <summary>How long pages took.</summary>
    public Histogram<double> PageDuration { get; }

    /// <summary>How long downloads took.</summary>
    public Histogram<double> ObjectDuration { get; }

    /// <summary>What was tried again.</summary>
    public Counter<long> Retries { get; }

    /// <summary>What was left out.</summary>
    public Counter<long> Failures { get; }

    /// <summary>The instruments of a factory's meter, or of the process's own one.</summary>
    public static BackupInstruments For(IMeterFactory? factory)
    {
        var meter = factory?.Create(new MeterOptions(BackupTelemetry.MeterName) { Version = Version }) ?? SharedMeter;
        return OfMeters.GetValue(meter, static meter => new BackupInstruments(meter));
    }

    /// <summary>Counts bytes, where somebody listens.</summary>
    public void AddIo(string operation, string direction, string? lane, long bytes)
    {
        if (!Io.Enabled || bytes <= 0)
        {
            return;
        }

        var tags = new TagList
        {
            { BackupTelemetry.OperationAttribute, operation },
            { BackupTelemetry.DirectionAttribute, direction },
        };
        if (lane is not null)
        {
            tags.Add(BackupTelemetry.LaneAttribute, lane);
        }

        Io.Add(bytes, tags);
    }

    /// <summary>Says when a location's newest backup was finished; an older one than is known changes nothing.</summary>
    public void SetLastSuccess(string location, DateTimeOffset finishedAt, TimeProvider timeProvider) => _lastSuccesses.AddOrUpdate(
        location,
        static (_, added) => added,
        static (_, known, added) => added.FinishedAt > known.FinishedAt ? added : known,
        new LastSuccess(finishedAt, timeProvider));

    /// <summary>Observes the buffers of a run until the result is disposed.</summary>
    public IDisposable WatchMemory(Func<BufferUse> read)
    {
        var run = new MemoryWatched(this, read);
        _runs[run] = true;
        return run;
    }

    private IEnumerable<Measurement<double>> ObserveLastSuccesses()
    {
        foreach (var (location, last) in _lastSuccesses)
        {
            var age = last.TimeProvider.GetUtcNow() - last.FinishedAt;
            yield return new Measurement<double>(
                age.TotalSeconds, KeyValuePair.Create<string, object?>(BackupTelemetry.LocationAttribute, location));
        }
    }

    private sealed record LastSuccess(DateTimeOffset FinishedAt, TimeProvider TimeProvider);

    private sealed class MemoryWatched(BackupInstruments owner, Func<BufferUse> read) : IDisposable
    {
        public Func<BufferUse> Read { get; } = read;

        public void Dispose() => owner._runs.TryRemove(this, out _);
    }
}
