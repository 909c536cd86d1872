using Backup.Core.Archives;
using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Manifest;
using Backup.Core.Diagnostics;

namespace Backup.Core.Verification;

/// <summary>Collects what one verification finds and counts, and tells the caller. Safe for several threads.</summary>
internal sealed class VerificationRun(VerificationOptions options, IProgress<VerificationProgress>? progress, TimeProvider timeProvider, BackupInstruments instruments)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(250);

    private readonly long _startedAt = timeProvider.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly List<VerificationFinding> _findings = [];
    private long _findingsTotal;
    private long _reportedAt;
    private int _files;
    private long _entries;
    private long _objects;
    private long _references;
    private long _storedBytes;
    private long _rawBytes;

    /// <summary>The manifest, once it has been read.</summary>
    public BackupManifest? Manifest { get; set; }

    /// <summary>Notes a finding.</summary>
    public void Find(VerificationFindingKind kind, string subject, string message)
    {
        lock (_lock)
        {
            _findingsTotal++;
            if (_findings.Count < options.MaxFindings)
            {
                _findings.Add(new VerificationFinding(kind, subject, message));
            }
        }
    }

    /// <summary>Counts a file that was read whole.</summary>
    public void AddFile(long bytes)
    {
        Interlocked.Increment(ref _files);
        AddStored(bytes);
    }

    /// <summary>Counts a file whose bytes were counted on the way.</summary>
    public void AddFile() => Interlocked.Increment(ref _files);

    /// <summary>Counts bytes read from the sink.</summary>
    public void AddStored(long bytes)
    {
        Interlocked.Add(ref _storedBytes, bytes);
        instruments.AddIo(TelemetryValues.Verify, TelemetryValues.Read, null, bytes);
        Report(force: false);
    }

    /// <summary>Counts an entry that was unpacked to its end.</summary>
    public void AddEntry(bool isObject)
    {
        Interlocked.Increment(ref _entries);
        Interlocked.Add(ref _objects, isObject ? 1 : 0);
    }

    /// <summary>Counts an entry that the index of the backup which holds it has as it should.</summary>
    public void AddReference() => Interlocked.Increment(ref _references);

    /// <summary>Counts bytes that came out of an entry.</summary>
    public void AddRaw(int bytes) => Interlocked.Add(ref _rawBytes, bytes);

    /// <summary>Says that all is read.</summary>
    public void Complete() => Report(force: true);

    /// <summary>What was found.</summary>
    public VerificationReport ToReport(BackupId backup)
    {
        lock (_lock)
        {
            return new VerificationReport
            {
                Backup = backup,
                Manifest = Manifest,
                Findings = [.. _findings],
                FindingsTotal = _findingsTotal,
                Files = _files,
                Entries = _entries,
                ReferencedEntries = _references,
                Objects = _objects,
                StoredBytes = _storedBytes,
                RawBytes = _rawBytes,
                Duration = timeProvider.GetElapsedTime(_startedAt),
            };
        }
    }

    private void Report(bool force)
    {
        if (progress is null || Manifest is not { } manifest
            || (!force && timeProvider.GetElapsedTime(Interlocked.Read(ref _reportedAt)) < ReportInterval))
        {
            return;
        }

        lock (_lock)
        {
            if (!force && timeProvider.GetElapsedTime(_reportedAt) < ReportInterval)
            {
                return;
            }

            Interlocked.Exchange(ref _reportedAt, timeProvider.GetTimestamp());
            var elapsed = timeProvider.GetElapsedTime(_startedAt);
            var stored = Interlocked.Read(ref _storedBytes);
            var total = manifest.Totals.StoredBytes + IndexFile.AllOf(manifest).Sum(part => part.Bytes)
                + (options.Full ? manifest.Totals.ReferencedBytes : 0);
            progress.Report(new VerificationProgress
            {
                Percent = force || total == 0 ? 100 : Math.Min(100, 100.0 * stored / total),
                Entries = Interlocked.Read(ref _entries),
                EntriesTotal = manifest.Totals.Entries - (options.Full ? 0 : manifest.Totals.ReferencedEntries),
                Objects = Interlocked.Read(ref _objects),
                ObjectsTotal = manifest.Totals.Objects,
                StoredBytes = stored,
                StoredBytesTotal = total,
                BytesPerSecond = elapsed > TimeSpan.Zero ? stored / elapsed.TotalSeconds : 0,
                Findings = _findingsTotal,
                Elapsed = elapsed,
            });
        }
    }
}
