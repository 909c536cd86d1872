using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Catalog.Retention;

/// <summary>Takes the lease that lets one prune at a time work at a sink: two would take off each other's marks.</summary>
internal static class PruneLease
{
    /// <summary>The folder in which the lease lies; no backup's.</summary>
    public static readonly BackupId Folder = new("prune");

    /// <summary>Takes the lease.</summary>
    /// <param name="sink">The sink.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The lease, which the caller disposes.</returns>
    /// <exception cref="PruneException">Another prune has it.</exception>
    /// <exception cref="SinkException">The sink refuses.</exception>
    public static async ValueTask<RunLease> AcquireAsync(IBackupSink sink, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        try
        {
            var lease = await RunLease.AcquireAsync(sink, Folder, timeProvider, cancellationToken).ConfigureAwait(false);
            RunFiles.RemovePartials(sink, Folder, timeProvider.GetUtcNow());
            return lease;
        }
        catch (ResumeException exception)
        {
            throw Lost(sink, exception);
        }
    }

    /// <summary>Throws when the lease is lost: asked before anything is removed.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="sink">The sink.</param>
    /// <exception cref="PruneException">It is.</exception>
    public static void ThrowIfLost(RunLease lease, IBackupSink sink)
    {
        try
        {
            lease.ThrowIfLost();
        }
        catch (ResumeException exception)
        {
            throw Lost(sink, exception);
        }
    }

    private static PruneException Lost(IBackupSink sink, ResumeException exception) =>
        new($"Another process prunes {sink.Capabilities.Location}, or this one could not renew its lease in time.", exception)
        {
            Subject = sink.Capabilities.Location,
            Category = ErrorCategory.Conflict,
            IsTransient = true,
            Hint = "Wait until the other one has ended, or its lease of two minutes has run out, and prune again: it goes on where this one ended.",
        };
}
