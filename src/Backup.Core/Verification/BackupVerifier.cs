using System.Diagnostics.Metrics;
using Backup.Core.Archives;
using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Manifest;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backup.Core.Verification;

/// <summary>
/// Reads every byte of a backup and compares every part with every other: deep enough that a change of any one byte, a
/// missing and an additional file are found. Of what other backups hold for it, it compares what their indexes say, and reads the bytes
/// where asked to (<see cref="VerificationOptions.Full"/>). Safe for several threads.
/// </summary>
/// <remarks>
/// Each volume is read once, front to back, whatever its size; what is held at a time are a few buffers and, of each entry of
/// the volumes being read, some 80 bytes. Restoring into a scratch database now and then is still the only proof of a backup.
/// </remarks>
public sealed class BackupVerifier
{
    private readonly IBackupSink _sink;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly BackupInstruments _instruments;
    private readonly VerificationHistory? _history;

    /// <summary>Creates a verifier. A container that has the sink makes one by itself: <c>services.AddSingleton&lt;BackupVerifier&gt;()</c>.</summary>
    /// <param name="sink">Where the backups are; stays the caller's.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <param name="loggerFactory">Where the log goes; <see langword="null"/> for nowhere.</param>
    /// <param name="meterFactory">Makes the meter; <see langword="null"/> for the one that all of the process share.</param>
    /// <param name="history">Remembers how each verification ended, for the health check; <see langword="null"/> for none.</param>
    public BackupVerifier(
        IBackupSink sink,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        IMeterFactory? meterFactory = null,
        VerificationHistory? history = null)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _sink = sink;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<BackupVerifier>();
        _instruments = BackupInstruments.For(meterFactory);
        _history = history;
    }

    /// <summary>Verifies one backup.</summary>
    /// <param name="backup">The backup.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Told of the advance a few times a second, one call at a time; <see langword="null"/> for nothing.</param>
    /// <param name="cancellationToken">Stops the verification.</param>
    /// <returns>What was found. Damage never throws.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="BackupNotFoundException">There is no such backup.</exception>
    /// <exception cref="SinkException">The sink cannot be listed, so that the verification could not run.</exception>
    public async Task<VerificationReport> VerifyAsync(
        BackupId backup,
        VerificationOptions? options = null,
        IProgress<VerificationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new VerificationOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxFindings, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Volumes ?? 1, 1, nameof(options));
        using var operation = new OperationTelemetry(
            _instruments, TelemetryValues.Verify, BackupTelemetry.VerifySpan, _sink.Capabilities.Location, _timeProvider);
        operation.Span?.SetTag(BackupTelemetry.IdAttribute, backup.Value);
        try
        {
            var report = await RunAsync(backup, options, progress, cancellationToken).ConfigureAwait(false);
            operation.Complete(report.IsIntact ? TelemetryValues.Intact : TelemetryValues.Damaged);
            _history?.Report(_sink.Capabilities.Location, new LastVerification(backup, report.IsIntact, _timeProvider.GetUtcNow()));
            _logger.Ended(report);
            return report;
        }
        catch (Exception exception)
        {
            operation.Fail(exception);
            throw;
        }
    }

    private async Task<VerificationReport> RunAsync(
        BackupId backup,
        VerificationOptions options,
        IProgress<VerificationProgress>? progress,
        CancellationToken cancellationToken)
    {
        var run = new VerificationRun(options, progress, _timeProvider, _instruments);
        var files = await ListFilesAsync(backup, cancellationToken).ConfigureAwait(false);
        var manifest = await ReadManifestAsync(backup, run, files, cancellationToken).ConfigureAwait(false);
        if (manifest is not null)
        {
            run.Manifest = manifest;
            await VerifyAsync(manifest, options, run, files, cancellationToken).ConfigureAwait(false);
        }

        return run.ToReport(backup);
    }

    private async Task VerifyAsync(
        BackupManifest manifest,
        VerificationOptions options,
        VerificationRun run,
        Dictionary<string, long> files,
        CancellationToken cancellationToken)
    {
        CompareFiles(manifest, run, files);
        var archive = await ArchiveReader.OpenAsync(_sink, manifest.Id, cancellationToken).ConfigureAwait(false);
        var tables = new TableCounts(manifest);
        var objects = new ObjectCounts(manifest.Storage);
        var parallelism = options.Volumes ?? Math.Clamp(Environment.ProcessorCount, 1, VerificationOptions.MaxAutomaticVolumes);
        var isWhole = IndexFile.AllOf(manifest).All(part => files.GetValueOrDefault(part.Name, -1) == part.Bytes)
            && await IndexCheck.RunAsync(archive, run, tables, objects, cancellationToken).ConfigureAwait(false);
        await Parallel.ForEachAsync(
            manifest.Volumes.Where(volume => files.ContainsKey(volume.Name)),
            new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken },
            async (volume, token) => await new VolumeCheck(_sink, archive, volume, files[volume.Name], run, tables, objects)
                .RunAsync(token).ConfigureAwait(false)).ConfigureAwait(false);
        if (isWhole)
        {
            await new ReferencesCheck(_sink, archive, run, tables, objects, options.Full, parallelism)
                .RunAsync(cancellationToken).ConfigureAwait(false);
            tables.CompareRows(run, manifest, options.Full);
            await BucketsCheck.RunAsync(archive, run, cancellationToken).ConfigureAwait(false);
        }

        run.Complete();
    }

    private async Task<Dictionary<string, long>> ListFilesAsync(BackupId backup, CancellationToken cancellationToken)
    {
        var folder = backup.Value + "/";
        var files = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var item in _sink.ListAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            files[item.Name[folder.Length..]] = item.Bytes;
        }

        return files;
    }

    private async Task<BackupManifest?> ReadManifestAsync(
        BackupId backup, VerificationRun run, Dictionary<string, long> files, CancellationToken cancellationToken)
    {
        try
        {
            var manifest = await ManifestFile.ReadAsync(_sink, backup, cancellationToken).ConfigureAwait(false);
            run.AddFile(files.GetValueOrDefault(ArchiveNames.Manifest));
            return manifest;
        }
        catch (UnsupportedFormatVersionException exception)
        {
            run.Find(VerificationFindingKind.UnsupportedVersion, ArchiveNames.Manifest, exception.Message);
        }
        catch (ArchiveFormatException exception)
        {
            run.Find(VerificationFindingKind.Malformed, ArchiveNames.Manifest, exception.Message);
        }
        catch (SinkException exception)
        {
            run.Find(VerificationFindingKind.Unreadable, ArchiveNames.Manifest, exception.Message);
        }

        return null;
    }

    private static void CompareFiles(BackupManifest manifest, VerificationRun run, Dictionary<string, long> files)
    {
        var named = manifest.Volumes.Select(volume => (volume.Name, volume.Bytes))
            .Concat(IndexFile.AllOf(manifest).Select(part => (part.Name, part.Bytes)))
            .ToList();
        foreach (var (name, bytes) in named)
        {
            if (!files.TryGetValue(name, out var actual))
            {
                run.Find(VerificationFindingKind.Missing, name, "The manifest names this file, and it is not there.");
            }
            else if (actual != bytes)
            {
                run.Find(VerificationFindingKind.WrongSize, name, $"It has {actual} bytes, the manifest says {bytes}.");
            }
        }

        // Checkpoints and leases that a run could not delete after its commit say nothing of the backup, nor that it is about to be removed.
        var others = files.Keys.Except(named.Select(item => item.Name).Append(ArchiveNames.Manifest).Append(ArchiveNames.PruneMark));
        foreach (var name in others.Where(name => !ArchiveNames.IsOfRun(name)).Order(StringComparer.Ordinal))
        {
            run.Find(VerificationFindingKind.Unexpected, name, "The manifest does not name this file.");
        }
    }
}
