using System.Diagnostics.Metrics;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Catalog;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backup.Core.Merging;

/// <summary>
/// Makes a backup that needs no other out of an incremental one and those that it references, by copying their packed entries. Safe for
/// several threads and processes, and beside runs at the same sink.
/// </summary>
/// <remarks>
/// <para>The new backup shows the same instant as the merged one, whose id it stands right behind: it is of kind
/// <see cref="BackupKind.Merged"/>, and nothing tells the two apart when they are restored. What was merged stays as it was; a
/// prune can remove it then.</para>
/// <para>Every byte that is copied has been proven: a volume of which a quarter or more is needed by its SHA-256, of others each
/// entry by its own digests. The new backup is committed only after its index and the directories of its volumes have been read
/// back. Memory depends neither on the number of entries nor on their sizes.</para>
/// </remarks>
public sealed class BackupMerger
{
    private readonly IBackupSink _sink;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly BackupInstruments _instruments;

    /// <summary>Creates a merger. A container that has the sink makes one by itself: <c>services.AddSingleton&lt;BackupMerger&gt;()</c>.</summary>
    /// <param name="sink">Where the backups are; stays the caller's.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <param name="loggerFactory">Where the log goes; <see langword="null"/> for nowhere.</param>
    /// <param name="meterFactory">Makes the meter; <see langword="null"/> for the one that all of the process share.</param>
    public BackupMerger(
        IBackupSink sink, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null, IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _sink = sink;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<BackupMerger>();
        _instruments = BackupInstruments.For(meterFactory);
    }

    /// <summary>Merges one backup.</summary>
    /// <param name="backup">The backup. One that needs no other is left as it is, as is one that was merged before.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Told of the advance a few times a second, one call at a time; <see langword="null"/> for nothing.</param>
    /// <param name="cancellationToken">Cancels the merge; then nothing of it stays.</param>
    /// <returns>Which backup holds all of it now.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="BackupNotFoundException">There is no such backup, or one that it references is missing.</exception>
    /// <exception cref="ArchiveFormatException">One of them is damaged. Nothing was committed.</exception>
    /// <exception cref="ResumeException">Another process is merging the same backup.</exception>
    /// <exception cref="SinkException">The sink fails, or has no room. Nothing was committed.</exception>
    public async Task<MergeResult> MergeAsync(
        BackupId backup,
        MergeOptions? options = null,
        IProgress<MergeProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new MergeOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.VolumeBytes ?? 1, 1, nameof(options));
        using var operation = new OperationTelemetry(
            _instruments, TelemetryValues.Merge, BackupTelemetry.MergeSpan, _sink.Capabilities.Location, _timeProvider);
        operation.Span?.SetTag(BackupTelemetry.IdAttribute, backup.Value);
        try
        {
            var tracker = new MergeTracker(progress, _timeProvider, _instruments);
            var result = await RunAsync(backup, options, tracker, cancellationToken).ConfigureAwait(false);
            operation.Complete(TelemetryValues.Complete);
            return result;
        }
        catch (Exception exception)
        {
            operation.Fail(exception);
            throw;
        }
    }

    private async Task<MergeResult> RunAsync(BackupId backup, MergeOptions options, MergeTracker tracker, CancellationToken cancellationToken)
    {
        var source = await ManifestFile.ReadAsync(_sink, backup, cancellationToken).ConfigureAwait(false);
        if (source.References is not { Count: > 0 })
        {
            return NotMerged(source, source, MergeOutcome.NotNeeded, tracker);
        }

        // What a killed merge left would be in the way, and takes room.
        await RemoveAbandonedAsync(cancellationToken).ConfigureAwait(false);
        var target = await MergeTarget.FindAsync(_sink, backup, cancellationToken).ConfigureAwait(false);
        if (target.Existing is { } existing)
        {
            return NotMerged(source, existing, MergeOutcome.AlreadyMerged, tracker);
        }

        var manifest = await new MergeRun(_sink, options, _timeProvider, _logger, tracker)
            .ExecuteAsync(source, target.Id, cancellationToken).ConfigureAwait(false);
        _logger.Merged(source.Id, manifest.Id, tracker.Entries, tracker.StoredBytes, tracker.Elapsed);
        return ResultOf(source, manifest, MergeOutcome.Merged, tracker);
    }

    private async Task RemoveAbandonedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var report = await new AbandonedRuns(_sink, _timeProvider).RemoveAsync(null, cancellationToken).ConfigureAwait(false);
            foreach (var failure in report.Failures)
            {
                _logger.CleanUpFailed(failure);
            }
        }
        catch (BackupException exception)
        {
            _logger.CleanUpFailed(exception);
        }
    }

    private MergeResult NotMerged(BackupManifest source, BackupManifest manifest, MergeOutcome outcome, MergeTracker tracker)
    {
        _logger.NotMerged(source.Id, outcome, manifest.Id);
        return ResultOf(source, manifest, outcome, tracker);
    }

    private static MergeResult ResultOf(BackupManifest source, BackupManifest manifest, MergeOutcome outcome, MergeTracker tracker) => new()
    {
        Outcome = outcome,
        Source = source.Id,
        Backup = manifest.Id,
        Manifest = manifest,
        Entries = tracker.Entries,
        CopiedBytes = tracker.StoredBytes,
        StoredBytes = outcome == MergeOutcome.Merged ? manifest.Totals.StoredBytes : 0,
        Duration = tracker.Elapsed,
    };
}
