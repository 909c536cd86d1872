using Backup.Core.Pipeline;

namespace Backup.Core.Diagnosis;

/// <summary>Looks at host, database, object store and target before the first backup, and says what would stand in its way.</summary>
/// <remarks>
/// Checks are made one after another, each within its time and whatever became of those before it. Nothing is locked, and nothing
/// is left behind. May be used any number of times, also at once.
/// </remarks>
public sealed class BackupDiagnosis
{
    private static readonly TimeSpan LeastCheckTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostCheckTimeout = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _timeProvider;

    /// <summary>Creates a diagnosis.</summary>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    public BackupDiagnosis(TimeProvider? timeProvider = null)
    {
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Makes the checks.</summary>
    /// <param name="request">What is to be looked at.</param>
    /// <param name="progress">Told of each check when it has ended, one call at a time; <see langword="null"/> for nothing.</param>
    /// <param name="cancellationToken">Stops the diagnosis.</param>
    /// <returns>What was found. What cannot be reached or refuses is a finding and never throws.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value of the request is out of its range.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">Settings are invalid. Whether the host can meet them is a finding.</exception>
    public async Task<DiagnosisReport> RunAsync(
        DiagnosisRequest request, IProgress<DiagnosisCheck>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.CheckTimeout, LeastCheckTimeout, nameof(request));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.CheckTimeout, MostCheckTimeout, nameof(request));
        BackupPipelineBuilder.ThrowIfInvalid(request.Options, request.Target?.Capabilities);
        var startedAt = _timeProvider.GetTimestamp();
        var run = new CheckRun(request.CheckTimeout, _timeProvider, progress);
        var lanes = new RunLanes(request.Database is not null, request.Store is not null);
        var plan = await new HostChecks(request.Options, lanes, run).RunAsync(cancellationToken).ConfigureAwait(false);
        var database = request.Database is { } source
            ? await new DatabaseChecks(source, request, plan?.Connections ?? 1, run).RunAsync(cancellationToken).ConfigureAwait(false)
            : DatabaseFindings.None;
        if (request.Store is { } store)
        {
            await new StorageChecks(store, request.Objects, run).RunAsync(database.Buckets, cancellationToken).ConfigureAwait(false);
        }

        if (request.Target is { } target)
        {
            await new TargetChecks(target, run).RunAsync(database.TableBytes, cancellationToken).ConfigureAwait(false);
        }

        return new DiagnosisReport { Checks = run.Checks, Duration = _timeProvider.GetElapsedTime(startedAt) };
    }
}
