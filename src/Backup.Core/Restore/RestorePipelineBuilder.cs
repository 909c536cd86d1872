using System.Diagnostics.Metrics;
using Backup.Core.Diagnostics;
using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Postgres;
using Backup.Core.Sinks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Backup.Core.Restore;

/// <summary>Puts an <see cref="IRestorePipeline"/> together. Used by one thread; each <see cref="Build"/> makes a pipeline of its own.</summary>
public sealed class RestorePipelineBuilder
{
    private readonly RestoreOptions _options = new();
    private IBackupSink? _sink;
    private TargetDatabase? _target;
    private ObjectStoreSource? _objects;
    private ILoggerFactory _loggerFactory = NullLoggerFactory.Instance;
    private TimeProvider _timeProvider = TimeProvider.System;
    private IMeterFactory? _meterFactory;

    /// <summary>Sets where the backups are. Required.</summary>
    /// <param name="sink">The sink; stays the caller's.</param>
    /// <returns>This builder.</returns>
    public RestorePipelineBuilder UseSink(IBackupSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _sink = sink;
        return this;
    }

    /// <summary>Sets the database to restore into, in one of its three forms; the last call counts. Without one, and with an
    /// object store, only stored objects are restored.</summary>
    /// <param name="connectionString">An Npgsql connection string or a <c>postgres://</c> URI. Each run opens and closes its
    /// own connections.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">The text is neither.</exception>
    public RestorePipelineBuilder UsePostgres(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        _target = TargetDatabase.FromConnectionString(connectionString);
        return this;
    }

    /// <inheritdoc cref="UsePostgres(string)"/>
    /// <param name="dataSource">The caller's data source; it is used and not disposed.</param>
    public RestorePipelineBuilder UsePostgres(NpgsqlDataSource dataSource)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        _target = TargetDatabase.Borrow(PostgresSource.FromDataSource(dataSource));
        return this;
    }

    /// <inheritdoc cref="UsePostgres(string)"/>
    /// <param name="target">The caller's database; it is used and not disposed.</param>
    public RestorePipelineBuilder UsePostgres(PostgresSource target)
    {
        ArgumentNullException.ThrowIfNull(target);
        _target = TargetDatabase.Borrow(target);
        return this;
    }

    /// <summary>
    /// Sets the store that stored objects are restored into, in one of two forms; the last call counts. Without one a restore
    /// is of the database alone.
    /// </summary>
    /// <param name="store">The caller's store; it is used and not disposed.</param>
    /// <returns>This builder.</returns>
    public RestorePipelineBuilder UseObjectStore(IObjectStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _objects = ObjectStoreSource.Borrow(store);
        return this;
    }

    /// <inheritdoc cref="UseObjectStore(IObjectStore)"/>
    /// <summary>Sets the Storage of a Supabase project as the store that stored objects are restored into.</summary>
    /// <param name="options">Where the server is, and the key. Each run opens and closes its own connections.</param>
    /// <exception cref="OptionsValidationException">The options are not valid.</exception>
    public RestorePipelineBuilder UseSupabaseStorage(SupabaseStorageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _objects = ObjectStoreSource.FromOptions(options);
        return this;
    }

    /// <summary>Changes the options. May be called several times.</summary>
    /// <param name="configure">Sets what shall differ from the defaults.</param>
    /// <returns>This builder.</returns>
    public RestorePipelineBuilder ConfigureOptions(Action<RestoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(_options);
        return this;
    }

    /// <summary>Sets where the log goes.</summary>
    /// <param name="loggerFactory">The factory; stays the caller's. By default nothing is logged.</param>
    /// <returns>This builder.</returns>
    public RestorePipelineBuilder UseLoggerFactory(ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(loggerFactory);
        _loggerFactory = loggerFactory;
        return this;
    }

    /// <summary>Sets the clock.</summary>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    /// <returns>This builder.</returns>
    public RestorePipelineBuilder UseTimeProvider(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        _timeProvider = timeProvider;
        return this;
    }

    /// <summary>Measures restores with the meter of a factory, such as a container's; without one all pipelines of the process share a meter.</summary>
    /// <param name="meterFactory">The factory; see <see cref="BackupTelemetry"/> for what is measured.</param>
    /// <returns>This builder.</returns>
    public RestorePipelineBuilder UseMeterFactory(IMeterFactory meterFactory)
    {
        ArgumentNullException.ThrowIfNull(meterFactory);
        _meterFactory = meterFactory;
        return this;
    }

    /// <summary>Makes the pipeline. Nothing is connected to yet.</summary>
    /// <returns>A pipeline that may be used for several runs.</returns>
    /// <exception cref="InvalidOperationException">The sink is not set, or neither a database nor an object store is.</exception>
    /// <exception cref="OptionsValidationException">An option cannot be used; all that cannot are named.</exception>
    public IRestorePipeline Build()
    {
        var sink = _sink ?? throw new InvalidOperationException($"Call {nameof(UseSink)} first: a restore needs to know where the backups are.");
        if (_target is null && _objects is null)
        {
            throw new InvalidOperationException(
                $"Call {nameof(UsePostgres)} or {nameof(UseObjectStore)} first: a restore needs a target.");
        }

        var options = new RestoreOptions
        {
            Connections = _options.Connections,
            PreserveRowOrder = _options.PreserveRowOrder,
            Transfers = _options.Transfers,
            MaxObjectFailures = _options.MaxObjectFailures,
            ProgressInterval = _options.ProgressInterval,
        };
        var validation = new RestoreOptionsValidator().Validate(null, options);
        return validation.Failed
            ? throw new OptionsValidationException(nameof(RestoreOptions), typeof(RestoreOptions), validation.Failures)
            : new RestorePipeline(
                sink,
                _target,
                _objects,
                options,
                _loggerFactory.CreateLogger<RestorePipeline>(),
                _timeProvider,
                BackupInstruments.For(_meterFactory));
    }
}
