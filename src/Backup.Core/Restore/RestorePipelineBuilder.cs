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
    private ILoggerFactory _loggerFactory = NullLoggerFactory.Instance;
    private TimeProvider _timeProvider = TimeProvider.System;

    /// <summary>Sets where the backups are. Required.</summary>
    /// <param name="sink">The sink; stays the caller's.</param>
    /// <returns>This builder.</returns>
    public RestorePipelineBuilder UseSink(IBackupSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _sink = sink;
        return this;
    }

    /// <summary>Sets the database to restore into. Required, in one of its three forms; the last call counts.</summary>
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

    /// <summary>Makes the pipeline. Nothing is connected to yet.</summary>
    /// <returns>A pipeline that may be used for several runs.</returns>
    /// <exception cref="InvalidOperationException">The sink or the database is not set.</exception>
    /// <exception cref="OptionsValidationException">An option cannot be used; all that cannot are named.</exception>
    public IRestorePipeline Build()
    {
        var sink = _sink ?? throw new InvalidOperationException($"Call {nameof(UseSink)} first: a restore needs to know where the backups are.");
        var target = _target
            ?? throw new InvalidOperationException($"Call {nameof(UsePostgres)} first: a restore needs a database to restore into.");
        var options = new RestoreOptions
        {
            Connections = _options.Connections,
            PreserveRowOrder = _options.PreserveRowOrder,
            ProgressInterval = _options.ProgressInterval,
        };
        var validation = new RestoreOptionsValidator().Validate(null, options);
        return validation.Failed
            ? throw new OptionsValidationException(nameof(RestoreOptions), typeof(RestoreOptions), validation.Failures)
            : new RestorePipeline(sink, target, options, _loggerFactory.CreateLogger<RestorePipeline>(), _timeProvider);
    }
}
