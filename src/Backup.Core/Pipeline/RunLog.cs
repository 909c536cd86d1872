using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Diagnostics;
using Backup.Core.Hosting;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline;

/// <summary>What one run says in the log about itself: with what it begins, what it has opened and how it ended.</summary>
internal sealed class RunLog(ILogger logger, BackupId id)
{
    /// <summary>The run begins. All is said before anything is opened, so that it is known of a run that cannot connect too.</summary>
    public void Begin(PipelineParts parts, HostLimits host, ResourcePlan plan)
    {
        logger.RunStarted(id.Value, parts.Description, parts.Sink.Capabilities.Location);
        if (logger.IsEnabled(LogLevel.Information))
        {
            logger.OptionsInForce(id.Value, OptionsText.Of(parts.Options));
            logger.HostFound(id.Value, ExplainedValue.Join(host.Explain()));
            logger.ResourcesPlanned(id.Value, ExplainedValue.Join(plan.Explanations));
        }
    }

    /// <summary>What is read is open.</summary>
    public void Opened(OpenedSources sources, ResourcePlan plan)
    {
        if (sources.Snapshot is { } snapshot)
        {
            logger.SnapshotOpened(id.Value, snapshot.Info.DatabaseName, snapshot.Info.TakenAt, snapshot.Tables.Count);
        }

        if (sources is { Store: { } store, Listing: { } listing })
        {
            var method = listing.Method == ObjectListingMethod.Database ? "database" : "store";
            logger.BucketsFound(id.Value, sources.Buckets.Count, store.Capabilities.Location, method, plan.Transfers);
        }
    }

    /// <summary>There is a backup.</summary>
    public void Committed(BackupManifest manifest, BackupResult result)
    {
        var totals = manifest.Totals;
        logger.RunCommitted(
            id.Value, totals.Rows, totals.Objects, totals.RawBytes, totals.StoredBytes, manifest.Failures.Count, result.Duration);
        foreach (var item in result.Unsupported)
        {
            logger.UnsupportedLeftOut(id.Value, item.Name, item.Reason);
        }

        Measured(result);
    }

    /// <summary>A later part goes on.</summary>
    public void Suspended(BackupResult result)
    {
        var (totals, left) = (result.Totals, result.Remaining);
        logger.RunSuspended(
            id.Value, result.Part, result.Duration, totals.Rows, totals.Objects, left?.Tables ?? 0, left?.HasObjects ?? false);
        Measured(result);
    }

    private void Measured(BackupResult result) => logger.RunMeasured(
        id.Value,
        result.BytesPerSecond,
        result.ErrorRate,
        result.Retries.Total,
        result.Memory.PeakBufferBytes,
        result.Memory.PeakWorkingSetBytes,
        result.Memory.PeakManagedBytes);
}
