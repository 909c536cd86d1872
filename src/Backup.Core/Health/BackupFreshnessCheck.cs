using System.Globalization;
using Backup.Core.Archives.Manifest;
using Backup.Core.Catalog;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Backup.Core.Health;

/// <summary>Tells whether a sink holds a good backup that is young enough, and whether the last verification was content. For several threads.</summary>
internal sealed class BackupFreshnessCheck(
    IBackupSink sink, BackupFreshnessOptions options, VerificationHistory history, BackupInstruments instruments, TimeProvider timeProvider)
    : IHealthCheck
{
    private readonly string _location = sink.Capabilities.Location;
    private Found? _found;

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return Judge(await FindAsync(cancellationToken).ConfigureAwait(false), context.Registration.FailureStatus);
        }
        catch (BackupException exception)
        {
            return new HealthCheckResult(
                context.Registration.FailureStatus, $"The backups in {_location} cannot be read: {exception.Message}", exception);
        }
    }

    private HealthCheckResult Judge(Found found, HealthStatus failure)
    {
        var data = DataOf(found);
        if (found.Damage is { } damage)
        {
            return new HealthCheckResult(failure, $"The newest backup in {_location} is damaged: {damage}", data: data);
        }

        if (history.Find(_location) is { IsIntact: false } verification)
        {
            return new HealthCheckResult(
                failure, $"The last verification found backup {verification.Backup} in {_location} to be damaged.", data: data);
        }

        if (found.Newest is not { } newest)
        {
            return HealthCheckResult.Degraded(
                $"There is no {(options.AcceptFailures ? "" : "complete ")}backup of the last {Words(options.MaxAge)} in {_location}.", data: data);
        }

        var age = AgeOf(newest);
        return age > options.MaxAge
            ? HealthCheckResult.Degraded($"The newest good backup in {_location}, {newest.Id}, is {Words(age)} old; the limit is {Words(options.MaxAge)}.", data: data)
            : HealthCheckResult.Healthy($"The newest good backup in {_location}, {newest.Id}, is {Words(age)} old.", data);
    }

    private async Task<Found> FindAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _found) is { } known && timeProvider.GetElapsedTime(known.At) < options.CacheFor)
        {
            return known;
        }

        var found = await SearchAsync(timeProvider.GetTimestamp(), cancellationToken).ConfigureAwait(false);
        if (found.Newest is { } newest)
        {
            instruments.SetLastSuccess(_location, newest.FinishedAt, timeProvider);
        }

        Volatile.Write(ref _found, found);
        return found;
    }

    private async Task<Found> SearchAsync(long now, CancellationToken cancellationToken)
    {
        var isNewest = true;
        var catalog = new BackupCatalog(sink);
        await foreach (var entry in catalog.ReadNewestFirstAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.Manifest is not { } manifest)
            {
                if (isNewest)
                {
                    return new Found(now, null, entry.Damage?.Message);
                }

                continue;
            }

            isNewest = false;
            if (options.AcceptFailures || entry.Missing == 0)
            {
                var damaged = await catalog.FindDamagedFilesAsync(manifest, cancellationToken).ConfigureAwait(false);
                if (damaged.Count > 0)
                {
                    return new Found(now, null, $"{manifest.Id} cannot be restored whole: {damaged[0]}");
                }

                var broken = await catalog.FindBrokenReferencesAsync(manifest, cancellationToken).ConfigureAwait(false);
                return broken.Count == 0 ? new Found(now, manifest, null) : new Found(now, null, $"{manifest.Id} cannot be restored whole: {broken[0]}");
            }

            // Older ones cannot be young enough, and there may be thousands.
            if (AgeOf(manifest) > options.MaxAge)
            {
                break;
            }
        }

        return new Found(now, null, null);
    }

    private Dictionary<string, object> DataOf(Found found)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["location"] = _location };
        if (found.Newest is { } newest)
        {
            data["backup"] = newest.Id.Value;
            data["asOf"] = AsOf(newest);
            data["age"] = AgeOf(newest);
            data["failures"] = newest.Failures.Count;
            data["unsupported"] = newest.Database?.Unsupported?.Count ?? 0;
        }

        if (history.Find(_location) is { } verification)
        {
            data["verified"] = verification.Backup.Value;
            data["verifiedAt"] = verification.EndedAt;
        }

        return data;
    }

    private TimeSpan AgeOf(BackupManifest manifest) => timeProvider.GetUtcNow() - AsOf(manifest);

    private static DateTimeOffset AsOf(BackupManifest manifest) => manifest.Database?.SnapshotAt ?? manifest.StartedAt;

    private static string Words(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} hours")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} minutes");

    private sealed record Found(long At, BackupManifest? Newest, string? Damage);
}
