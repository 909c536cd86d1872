using Backup.Core.Errors;
using Backup.Core.Sinks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backup.Core.Catalog.Retention;

/// <summary>
/// Removes the backups of a sink that a policy does not keep. Never removes what a kept backup refers to, the last good backup of a
/// source, nor anything while it cannot read what needs what. Safe for several threads and processes, beside running backups, and at
/// any point at which the process may die: what is kept is whole, and the next prune goes on.
/// </summary>
public sealed class BackupPruner
{
    private readonly IBackupSink _sink;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;

    /// <summary>Creates a pruner. A container that has the sink makes one by itself: <c>services.AddSingleton&lt;BackupPruner&gt;()</c>.</summary>
    /// <param name="sink">Where the backups are; stays the caller's.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <param name="loggerFactory">Where the log goes; <see langword="null"/> for nowhere.</param>
    public BackupPruner(IBackupSink sink, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _sink = sink;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<BackupPruner>();
    }

    /// <summary>Removes what the policy does not keep, and finishes or undoes what an interrupted prune has begun.</summary>
    /// <param name="policy">What is kept.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Stops the prune between two files; the next one goes on.</param>
    /// <returns>What was kept and removed, and why; what could not be removed does not throw.</returns>
    /// <exception cref="ArgumentException">No rule of the policy keeps anything.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number or a time of the policy is negative.</exception>
    /// <exception cref="PruneException">A manifest cannot be read, or another prune is going on: nothing, or nothing more, is removed.</exception>
    /// <exception cref="SinkException">The sink cannot be listed or read.</exception>
    public async Task<PruneReport> RunAsync(
        RetentionPolicy policy, PruneOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        policy.ThrowIfInvalid();
        if (options?.DryRun == true)
        {
            return await PlanAsync(policy, cancellationToken).ConfigureAwait(false);
        }

        var lease = await PruneLease.AcquireAsync(_sink, _timeProvider, cancellationToken).ConfigureAwait(false);
        await using var disposal = lease.ConfigureAwait(false);
        return await new PruneRun(_sink, _timeProvider, _logger, lease, policy).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<PruneReport> PlanAsync(RetentionPolicy policy, CancellationToken cancellationToken)
    {
        var survey = await new PruneSurveyor(_sink, _timeProvider).ReadAsync(cancellationToken).ConfigureAwait(false);
        var plan = PrunePlanner.Plan(survey, policy, _timeProvider.GetUtcNow());
        return new PruneReport
        {
            Plan = plan,
            Removed = [.. RemovalOrder.Of(plan).Select(backup => backup.Id)],
            Finished = [.. survey.Remains.Select(folder => folder.Id)],
            FreedBytes = plan.Removed.Sum(backup => backup.Bytes) + survey.Remains.Sum(folder => folder.Bytes),
            Failures = [],
        };
    }
}
