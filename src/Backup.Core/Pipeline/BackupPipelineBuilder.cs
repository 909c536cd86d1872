using System.Diagnostics.Metrics;
using Backup.Core.Compression;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Pipeline.Distribution;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Postgres;
using Backup.Core.Sinks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Polly;

namespace Backup.Core.Pipeline;

/// <summary>Builds an <see cref="IBackupPipeline"/> without a service container. Nothing is opened before the first run.</summary>
/// <remarks>For one thread. Every <c>Use</c> method replaces what an earlier call set.</remarks>
public sealed class BackupPipelineBuilder
{
    private readonly BackupOptions _options;
    private RowSource? _source;
    private ObjectStoreSource? _store;
    private IBackupSink? _sink;
    private ICompressor? _compressor;
    private ResiliencePipeline? _resilience;
    private WorkDistribution? _distribution;
    private ILoggerFactory _loggerFactory = NullLoggerFactory.Instance;
    private TimeProvider _timeProvider = TimeProvider.System;
    private IMeterFactory? _meterFactory;

    /// <summary>Creates a builder with default settings.</summary>
    public BackupPipelineBuilder()
        : this(new BackupOptions())
    {
    }

    /// <summary>Creates a builder that begins with settings that a container made, and which it does not change.</summary>
    internal BackupPipelineBuilder(BackupOptions options) => _options = options.Copy();

    /// <summary>Whether a source has been set.</summary>
    internal bool HasSource => _source is not null;

    /// <summary>Whether an object store has been set.</summary>
    internal bool HasObjectStore => _store is not null;

    /// <summary>Whether a sink has been set.</summary>
    internal bool HasSink => _sink is not null;

    /// <summary>Reads a database by connection string. Each run opens connections of its own and closes them.</summary>
    /// <param name="connectionString">An Npgsql connection string or a <c>postgres://</c> URI.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public BackupPipelineBuilder UsePostgres(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        _source = PostgresRowSource.FromConnectionString(connectionString);
        return this;
    }

    /// <summary>Reads a database through the caller's data source, which stays the caller's to dispose.</summary>
    /// <param name="dataSource">A data source; it must allow as many connections as the run reads with.</param>
    /// <returns>This builder.</returns>
    public BackupPipelineBuilder UsePostgres(NpgsqlDataSource dataSource)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        return UsePostgres(PostgresSource.FromDataSource(dataSource));
    }

    /// <summary>Reads a database through a source, which stays the caller's to dispose.</summary>
    /// <param name="source">The source.</param>
    /// <returns>This builder.</returns>
    public BackupPipelineBuilder UsePostgres(PostgresSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = PostgresRowSource.Borrow(source);
        return this;
    }

    /// <summary>Backs up the buckets of an object store, beside the database or, where none is set, alone.</summary>
    /// <param name="store">The store; never disposed by the pipeline. It must take calls from several threads at once.</param>
    /// <returns>This builder.</returns>
    public BackupPipelineBuilder UseObjectStore(IObjectStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = ObjectStoreSource.Borrow(store);
        return this;
    }

    /// <summary>Backs up the buckets of a Supabase project, beside its database or, where none is set, alone. With the database, both
    /// are of the same instant.</summary>
    /// <param name="options">Where the Storage server is, and the key; what is changed afterwards has no effect. Each run opens connections
    /// of its own and closes them; to keep them open between runs, give a store of yours to <see cref="UseObjectStore"/>.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="OptionsValidationException">The options are not valid.</exception>
    public BackupPipelineBuilder UseSupabaseStorage(SupabaseStorageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _store = ObjectStoreSource.FromOptions(options);
        return this;
    }

    /// <summary>Keeps the backups in a sink.</summary>
    /// <param name="sink">The sink; never disposed by the pipeline.</param>
    /// <returns>This builder.</returns>
    public BackupPipelineBuilder UseSink(IBackupSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _sink = sink;
        return this;
    }

    /// <summary>Packs with a compressor, in place of <see cref="BackupOptions.Codec"/> and <see cref="BackupOptions.Level"/>.</summary>
    /// <param name="compressor">The compressor.</param>
    /// <returns>This builder.</returns>
    public BackupPipelineBuilder UseCompressor(ICompressor compressor)
    {
        ArgumentNullException.ThrowIfNull(compressor);
        _compressor = compressor;
        return this;
    }

    /// <summary>
    /// Tries again by a pipeline of the caller's, in place of <see cref="BackupOptions.Retries"/>. It is asked to run each opening of a
    /// snapshot, each page and each call of the sink but commits, and sees of their failures only <see cref="BackupException"/>s that
    /// are transient and may be tried again: never one after a byte of an entry has been stored.
    /// </summary>
    /// <param name="resilience">The pipeline. A time-out in it limits whole pages, not the silence in them.</param>
    /// <returns>This builder.</returns>
    public BackupPipelineBuilder UseRetries(ResiliencePipeline resilience)
    {
        ArgumentNullException.ThrowIfNull(resilience);
        _resilience = resilience;
        return this;
    }

    /// <summary>Changes settings. They are checked by <see cref="Build"/>.</summary>
    /// <param name="configure">Sets what differs from the defaults.</param>
    /// <returns>This builder.</returns>
    public BackupPipelineBuilder ConfigureOptions(Action<BackupOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(_options);
        return this;
    }

    /// <summary>Logs to a factory's loggers; without one nothing is logged.</summary>
    /// <param name="loggerFactory">The factory.</param>
    /// <returns>This builder.</returns>
    public BackupPipelineBuilder UseLoggerFactory(ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(loggerFactory);
        _loggerFactory = loggerFactory;
        return this;
    }

    /// <summary>Takes the time from a provider in place of the system's clock.</summary>
    /// <param name="timeProvider">The provider.</param>
    /// <returns>This builder.</returns>
    public BackupPipelineBuilder UseTimeProvider(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        _timeProvider = timeProvider;
        return this;
    }

    /// <summary>Measures runs with the meter of a factory, such as a container's; without one all pipelines of the process share a meter.</summary>
    /// <param name="meterFactory">The factory; see <see cref="BackupTelemetry"/> for what is measured.</param>
    /// <returns>This builder.</returns>
    public BackupPipelineBuilder UseMeterFactory(IMeterFactory meterFactory)
    {
        ArgumentNullException.ThrowIfNull(meterFactory);
        _meterFactory = meterFactory;
        return this;
    }

    /// <summary>Makes the pipeline. It may be used any number of times; what is set here afterwards does not change it.</summary>
    /// <returns>The pipeline.</returns>
    /// <exception cref="InvalidOperationException">Neither a database nor an object store was set, or no sink.</exception>
    /// <exception cref="OptionsValidationException">Settings are invalid; every one that is wrong is named.</exception>
    public IBackupPipeline Build() => new BackupPipeline(ToParts());

    /// <summary>What is built from these settings.</summary>
    /// <exception cref="InvalidOperationException">Neither a database nor an object store was set, or no sink.</exception>
    /// <exception cref="OptionsValidationException">Settings are invalid; every one that is wrong is named.</exception>
    internal PipelineParts ToParts()
    {
        if (_source is null && _store is null)
        {
            throw new InvalidOperationException(
                "Nothing to back up was set: call UsePostgres, UseObjectStore or UseSupabaseStorage before Build.");
        }

        var sink = _sink ?? throw new InvalidOperationException("No sink was set: call UseSink before Build.");
        var options = _options.Copy();
        ThrowIfInvalid(options, sink.Capabilities);
        var compressor = _compressor ?? Compressors.Create(options.Codec, options.Level);
        var parts = new PipelineParts(
            _source, _store, sink, compressor, options, _loggerFactory.CreateLogger<BackupPipeline>(), _timeProvider)
        {
            Instruments = BackupInstruments.For(_meterFactory),
            Resilience = _resilience,
        };
        return _distribution?.Apply(parts) ?? parts;
    }

    /// <summary>Has the runs copied by workers.</summary>
    internal BackupPipelineBuilder UseDistribution(WorkDistribution distribution)
    {
        _distribution = distribution;
        return this;
    }

    /// <summary>The compressor object that was given; <see langword="null"/> where settings name the codec.</summary>
    internal ICompressor? Compressor => _compressor;

    /// <summary>Reads rows from another kind of source.</summary>
    internal BackupPipelineBuilder UseSource(RowSource source)
    {
        _source = source;
        return this;
    }

    /// <summary>Refuses settings that no run could keep to.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="sink">What the sink can do; <see langword="null"/> when none is known.</param>
    /// <exception cref="OptionsValidationException">Settings are invalid; every one that is wrong is named.</exception>
    internal static void ThrowIfInvalid(BackupOptions options, SinkCapabilities? sink)
    {
        var failures = new List<string>();
        foreach (IValidateOptions<BackupOptions> validator in new IValidateOptions<BackupOptions>[]
                 {
                     new BackupOptionsValidator(), new BackupOptionsRules(),
                 })
        {
            failures.AddRange(validator.Validate(Options.DefaultName, options).Failures ?? []);
        }

        if (options.VolumeBytes > sink?.MaxObjectBytes)
        {
            failures.Add($"{nameof(options.VolumeBytes)} is {options.VolumeBytes}; "
                + $"the largest object that '{sink.Location}' takes has {sink.MaxObjectBytes} bytes.");
        }

        if (failures.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(BackupOptions), failures);
        }
    }
}
