using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Backup.Core.Pipeline;

/// <summary>Registers backup pipelines in a service container.</summary>
public static class BackupServiceCollectionExtensions
{
    /// <summary>Registers an <see cref="IBackupPipeline"/> with the default settings.</summary>
    /// <param name="services">The collection.</param>
    /// <returns>A builder that says where to read and write.</returns>
    public static BackupServiceBuilder AddBackup(this IServiceCollection services) => services.AddBackup(static _ => { });

    /// <summary>Registers an <see cref="IBackupPipeline"/>. Its settings are checked when the host starts.</summary>
    /// <param name="services">The collection.</param>
    /// <param name="configure">Sets what differs from the defaults.</param>
    /// <returns>A builder that says where to read and write.</returns>
    public static BackupServiceBuilder AddBackup(this IServiceCollection services, Action<BackupOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return Register(services, Options.DefaultName, options => options.Configure(configure));
    }

    /// <summary>Registers an <see cref="IBackupPipeline"/> with settings from configuration.</summary>
    /// <param name="services">The collection.</param>
    /// <param name="configuration">The section that holds the properties of <see cref="BackupOptions"/>.</param>
    /// <returns>A builder that says where to read and write.</returns>
    public static BackupServiceBuilder AddBackup(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return Register(services, Options.DefaultName, options => options.Bind(configuration));
    }

    /// <summary>Registers one of several pipelines with the default settings, to be asked for as a keyed service of that name.</summary>
    /// <param name="services">The collection.</param>
    /// <param name="name">The key of the service and the name of its options.</param>
    /// <returns>A builder that says where to read and write.</returns>
    public static BackupServiceBuilder AddBackup(this IServiceCollection services, string name) =>
        services.AddBackup(name, static _ => { });

    /// <summary>Registers one of several pipelines, to be asked for as a keyed service of that name.</summary>
    /// <param name="services">The collection.</param>
    /// <param name="name">The key of the service and the name of its options.</param>
    /// <param name="configure">Sets what differs from the defaults.</param>
    /// <returns>A builder that says where to read and write.</returns>
    public static BackupServiceBuilder AddBackup(
        this IServiceCollection services, string name, Action<BackupOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        return Register(services, name, options => options.Configure(configure));
    }

    private static BackupServiceBuilder Register(
        IServiceCollection services, string name, Action<OptionsBuilder<BackupOptions>> configure)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BackupOptions>, BackupOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BackupOptions>, BackupOptionsRules>());
        var options = services.AddOptions<BackupOptions>(name);
        configure(options);
        options.ValidateOnStart();

        var builder = new BackupServiceBuilder(services, name);
        if (name.Length == 0)
        {
            services.AddSingleton(builder.Create);
        }
        else
        {
            services.AddKeyedSingleton(name, (provider, _) => builder.Create(provider));
        }

        return builder;
    }
}
