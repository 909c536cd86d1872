using System.Diagnostics.Metrics;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Polly;

namespace Backup.Core.Pipeline;

/// <summary>Says where a registered pipeline reads and writes. Returned by <c>services.AddBackup</c>; nothing here does I/O.</summary>
/// <remarks>Where no database is set, the container's <see cref="NpgsqlDataSource"/> is read; where the container has none either, an object
/// store must be set and is backed up alone. Where no sink is set, the container's <see cref="IBackupSink"/> is written.</remarks>
public sealed class BackupServiceBuilder
{
    private readonly List<Action<IServiceProvider, BackupPipelineBuilder>> _steps = [];

    internal BackupServiceBuilder(IServiceCollection services, string name)
    {
        Services = services;
        Name = name;
    }

    /// <summary>The collection that the pipeline is registered in.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The pipeline's name, which is also the name of its options; empty for the one without a name.</summary>
    public string Name { get; }

    /// <summary>Reads a database by connection string.</summary>
    /// <param name="connectionString">An Npgsql connection string or a <c>postgres://</c> URI.</param>
    /// <returns>This builder.</returns>
    public BackupServiceBuilder UsePostgres(string connectionString) =>
        Configure((_, builder) => builder.UsePostgres(connectionString));

    /// <summary>Reads a database through a data source that the container knows how to find.</summary>
    /// <param name="factory">Finds the data source; called once, when the pipeline is first asked for.</param>
    /// <returns>This builder.</returns>
    public BackupServiceBuilder UsePostgres(Func<IServiceProvider, NpgsqlDataSource> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Configure((services, builder) => builder.UsePostgres(factory(services)));
    }

    /// <summary>Backs up the buckets of an object store, beside the database if there is one.</summary>
    /// <param name="store">The store; it stays the caller's.</param>
    /// <returns>This builder.</returns>
    public BackupServiceBuilder UseObjectStore(IObjectStore store) => Configure((_, builder) => builder.UseObjectStore(store));

    /// <summary>Backs up the buckets of an object store that is made from services, such as one over a client of <c>IHttpClientFactory</c>.</summary>
    /// <param name="factory">Makes the store; called once, when the pipeline is first asked for. The store lives as long as the pipeline.</param>
    /// <returns>This builder.</returns>
    public BackupServiceBuilder UseObjectStore(Func<IServiceProvider, IObjectStore> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Configure((services, builder) => builder.UseObjectStore(factory(services)));
    }

    /// <summary>Backs up the buckets of a Supabase project, beside its database if there is one.</summary>
    /// <param name="options">Where the Storage server is, and the key; read when the pipeline is first asked for.</param>
    /// <returns>This builder.</returns>
    public BackupServiceBuilder UseSupabaseStorage(SupabaseStorageOptions options) =>
        Configure((_, builder) => builder.UseSupabaseStorage(options));

    /// <summary>Keeps the backups in a sink.</summary>
    /// <param name="sink">The sink.</param>
    /// <returns>This builder.</returns>
    public BackupServiceBuilder UseSink(IBackupSink sink) => Configure((_, builder) => builder.UseSink(sink));

    /// <summary>Keeps the backups in a sink that is made from services.</summary>
    /// <param name="factory">Makes the sink; called once, when the pipeline is first asked for.</param>
    /// <returns>This builder.</returns>
    public BackupServiceBuilder UseSink(Func<IServiceProvider, IBackupSink> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Configure((services, builder) => builder.UseSink(factory(services)));
    }

    /// <summary>Packs with a compressor, in place of the codec and level of the options.</summary>
    /// <param name="compressor">The compressor.</param>
    /// <returns>This builder.</returns>
    public BackupServiceBuilder UseCompressor(ICompressor compressor) =>
        Configure((_, builder) => builder.UseCompressor(compressor));

    /// <summary>Tries again by a resilience pipeline that is made from services, in place of <see cref="BackupOptions.Retries"/>.</summary>
    /// <param name="factory">Makes the resilience pipeline; called once, when the pipeline is first asked for.</param>
    /// <returns>This builder.</returns>
    public BackupServiceBuilder UseRetries(Func<IServiceProvider, ResiliencePipeline> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Configure((services, builder) => builder.UseRetries(factory(services)));
    }

    /// <summary>Sets up the pipeline in any other way, with services at hand.</summary>
    /// <param name="configure">Called once, when the pipeline is first asked for.</param>
    /// <returns>This builder.</returns>
    public BackupServiceBuilder Configure(Action<IServiceProvider, BackupPipelineBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _steps.Add(configure);
        return this;
    }

    /// <summary>Makes the pipeline when the container is asked for it.</summary>
    internal IBackupPipeline Create(IServiceProvider services)
    {
        var builder = new BackupPipelineBuilder(services.GetRequiredService<IOptionsMonitor<BackupOptions>>().Get(Name));
        if (services.GetService<ILoggerFactory>() is { } loggerFactory)
        {
            builder.UseLoggerFactory(loggerFactory);
        }

        if (services.GetService<TimeProvider>() is { } timeProvider)
        {
            builder.UseTimeProvider(timeProvider);
        }

        if (services.GetService<IMeterFactory>() is { } meterFactory)
        {
            builder.UseMeterFactory(meterFactory);
        }

        foreach (var step in _steps)
        {
            step(services, builder);
        }

        if (!builder.HasSource)
        {
            var dataSource = builder.HasObjectStore
                ? services.GetService<NpgsqlDataSource>()
                : services.GetRequiredService<NpgsqlDataSource>();
            if (dataSource is not null)
            {
                builder.UsePostgres(dataSource);
            }
        }

        if (!builder.HasSink)
        {
            builder.UseSink(services.GetRequiredService<IBackupSink>());
        }

        return builder.Build();
    }
}
