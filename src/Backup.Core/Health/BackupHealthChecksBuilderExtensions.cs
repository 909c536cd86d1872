using System.Diagnostics.Metrics;
using Backup.Core.Diagnostics;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Backup.Core.Health;

/// <summary>Registers health checks of backups.</summary>
public static class BackupHealthChecksBuilderExtensions
{
    /// <summary>The name of the check where none is given.</summary>
    public const string DefaultName = "backup";

    /// <summary>
    /// Adds a check of the backups in a sink. Degraded: no good backup is young enough. Unhealthy, or what
    /// <paramref name="failureStatus"/> says: the sink cannot be read, the newest backup's manifest is damaged, or the last
    /// verification that <see cref="VerificationHistory"/> knows found damage.
    /// </summary>
    /// <remarks>Registers a <see cref="VerificationHistory"/>, which a <see cref="BackupVerifier"/> of the same container reports to. The
    /// check reads names and manifests; it verifies nothing itself.</remarks>
    /// <param name="builder">The builder that <c>services.AddHealthChecks()</c> returned.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="configure">Sets what differs from the defaults.</param>
    /// <param name="sink">Finds the sink; <see langword="null"/> takes the container's <see cref="IBackupSink"/>.</param>
    /// <param name="failureStatus">What a failure is reported as; <see langword="null"/> is unhealthy.</param>
    /// <param name="tags">The check's tags.</param>
    /// <param name="timeout">The check's time limit; <see langword="null"/> for none.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static IHealthChecksBuilder AddBackupFreshness(
        this IHealthChecksBuilder builder,
        string name = DefaultName,
        Action<BackupFreshnessOptions>? configure = null,
        Func<IServiceProvider, IBackupSink>? sink = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var options = new BackupFreshnessOptions();
        configure?.Invoke(options);
        options.ThrowIfInvalid();

        // A registration makes its check anew for each report; what it found in the sink has to outlive that.
        builder.Services.TryAddSingleton<VerificationHistory>();
        builder.Services.AddKeyedSingleton(name, (services, _) => new BackupFreshnessCheck(
            sink?.Invoke(services) ?? services.GetRequiredService<IBackupSink>(),
            options,
            services.GetRequiredService<VerificationHistory>(),
            BackupInstruments.For(services.GetService<IMeterFactory>()),
            services.GetService<TimeProvider>() ?? TimeProvider.System));
        return builder.Add(new HealthCheckRegistration(
            name, services => services.GetRequiredKeyedService<BackupFreshnessCheck>(name), failureStatus, tags, timeout));
    }
}
