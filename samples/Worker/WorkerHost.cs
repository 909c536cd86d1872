using Backup.Core.Catalog;
using Backup.Core.Diagnostics;
using Backup.Core.Health;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Worker;

/// <summary>Puts the service together: configuration, pipeline, schedule, health and telemetry.</summary>
public static class WorkerHost
{
    private const string OtlpVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Makes the host.</summary>
    /// <param name="args">Settings, as <c>--Backup:Folder /var/backups</c>.</param>
    /// <param name="configure">Changes what tests want to be different.</param>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var services = builder.Services;
        services.AddOptions<WorkerOptions>().BindConfiguration(WorkerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<WorkerOptions>, WorkerOptionsValidator>();
        services.AddSingleton(TimeProvider.System);
        AddBackup(services, builder.Configuration);
        AddTelemetry(services, builder.Configuration);
        services.AddHealthChecks().AddBackupFreshness(
            configure: options => options.MaxAge = builder.Configuration.GetValue($"{WorkerOptions.Section}:MaxAge", BackupFreshnessOptions.DefaultMaxAge));
        services.AddHostedService<BackupService>();

        // A run that is told to stop needs a moment to close what it has begun.
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(25));
        configure?.Invoke(services);

        var app = builder.Build();
        app.MapHealthChecks("/health");
        return app;
    }

    private static void AddBackup(IServiceCollection services, ConfigurationManager configuration)
    {
        services.AddSingleton<IBackupSink>(provider => new DirectorySink(SettingsOf(provider).Folder));
        services.AddSingleton<BackupCatalog>();
        services.AddSingleton<BackupVerifier>();
        services.AddBackup(configuration.GetSection("BackupOptions")).Configure((provider, pipeline) =>
        {
            var settings = SettingsOf(provider);
            if (settings.Database is { } database)
            {
                pipeline.UsePostgres(database);
            }

            if (settings.StorageUrl is { } url)
            {
                pipeline.UseSupabaseStorage(new SupabaseStorageOptions { Url = url, Key = settings.StorageKey });
            }
        });
    }

    private static void AddTelemetry(IServiceCollection services, ConfigurationManager configuration)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("backup-worker"))
            .WithTracing(tracing => tracing.AddSource(BackupTelemetry.ActivitySourceName))
            .WithMetrics(metrics => metrics.AddMeter(BackupTelemetry.MeterName));
        if (!string.IsNullOrEmpty(configuration[OtlpVariable]))
        {
            telemetry.UseOtlpExporter();
        }
        else if (configuration.GetValue<bool>("Telemetry:Console"))
        {
            telemetry
                .WithTracing(tracing => tracing.AddConsoleExporter())
                .WithMetrics(metrics => metrics.AddConsoleExporter());
        }
    }

    private static WorkerOptions SettingsOf(IServiceProvider provider) => provider.GetRequiredService<IOptions<WorkerOptions>>().Value;
}
