using System.Globalization;
using System.Transactions;
using Backup.Core.Errors;
using Backup.Core.Hosting;
using Backup.Core.Postgres.Wire;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>One PostgreSQL database, and how to connect to it.</summary>
/// <remarks>
/// Nothing is opened before a run asks for a connection. The source may serve several runs, also at the same time.
/// A data source made from text belongs to the source and is disposed with it; a borrowed one stays the caller's.
/// </remarks>
public sealed class PostgresSource : IAsyncDisposable
{
    /// <summary>The oldest major version that can be backed up: ranges of <c>ctid</c> are scanned only from here on.</summary>
    internal const int OldestMajorVersion = 14;

    /// <summary>The newest major version that the tests of this library run with.</summary>
    internal const int NewestTestedMajorVersion = 18;

    private readonly Lazy<NpgsqlDataSource> _dataSource;
    private readonly bool _isOwned;
    private readonly NpgsqlConnectionStringBuilder _settings;

    private PostgresSource(Lazy<NpgsqlDataSource> dataSource, bool isOwned, NpgsqlConnectionStringBuilder settings)
    {
        _dataSource = dataSource;
        _isOwned = isOwned;
        _settings = settings;
        var port = settings.Port == NpgsqlConnection.DefaultPort ? string.Empty : string.Create(CultureInfo.InvariantCulture, $":{settings.Port}");
        Description = $"{settings.Username}@{settings.Host}{port}/{settings.Database ?? settings.Username}";
    }

    /// <summary>The database for people, <c>user@host:port/database</c>, without any secret.</summary>
    public string Description { get; }

    /// <summary>The server's host name or address.</summary>
    internal string? Host => _settings.Host;

    /// <summary>A source that makes and owns its connections.</summary>
    /// <param name="connectionString">An Npgsql keyword string, or a <c>postgres://</c> URI with libpq's parameter names.</param>
    /// <returns>The source; nothing has been connected to yet.</returns>
    /// <exception cref="ArgumentException">The text cannot be used; the message lists everything that is wrong in it, without values.</exception>
    public static PostgresSource FromConnectionString(string connectionString)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        var settings = ConnectionText.Parse(connectionString);
        return new PostgresSource(new(() => new NpgsqlDataSourceBuilder(settings.ConnectionString).Build()), isOwned: true, settings);
    }

    /// <summary>A source over the caller's connections.</summary>
    /// <param name="dataSource">The caller's; not disposed here. Its pool must allow as many connections as a run uses.</param>
    /// <returns>The source; nothing has been connected to yet.</returns>
    /// <exception cref="ArgumentException">The data source multiplexes, or spreads over several hosts.</exception>
    public static PostgresSource FromDataSource(NpgsqlDataSource dataSource)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        var settings = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString);
        if (settings.Multiplexing)
            throw new ArgumentException("The data source multiplexes its connections: a snapshot is held by one connection.", nameof(dataSource));
        if (dataSource is NpgsqlMultiHostDataSource)
            throw new ArgumentException("The data source spreads over several hosts: a snapshot belongs to one server.", nameof(dataSource));

        return new PostgresSource(new(dataSource), isOwned: false, settings);
    }

    /// <summary>Opens a connection within a time.</summary>
    /// <exception cref="DatabaseException">The server cannot be reached in time, refuses the connection or is too old.</exception>
    internal async ValueTask<NpgsqlConnection> OpenConnectionAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        cut.CancelAfter(limit);
        var opening = OpenConnectionAsync(cut.Token).AsTask();
        try
        {
            // The driver heeds the token in some phases of connecting only; in the others nothing but its own time-out ends it.
            return await opening.WaitAsync(cut.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            LateDisposal.OfResult(opening);
            cancellationToken.ThrowIfCancellationRequested();
            throw DatabaseFault.OnConnectTimeout(e, Description, limit);
        }
    }

    /// <summary>Opens a connection.</summary>
    /// <exception cref="DatabaseException">The server cannot be reached, refuses the connection or is too old.</exception>
    internal async ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection? connection = null;
        try
        {
            // A lent data source would enlist the connection in the caller's own transaction, with its isolation level.
            using var none = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
            connection = await _dataSource.Value.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            if (connection.PostgreSqlVersion.Major >= OldestMajorVersion)
                return connection;

            throw new DatabaseException(
                $"{Description} runs PostgreSQL {connection.ServerVersion}; version {OldestMajorVersion} or later is needed.")
            {
                Subject = Description,
                Category = ErrorCategory.Refused,
                Hint = "Upgrade the server, or use the pg_dump of its own version.",
            };
        }
        catch (Exception e) when (DatabaseFault.IsFromDriver(e))
        {
            throw DatabaseFault.OnConnect(e, Description);
        }
        catch (DatabaseException)
        {
            if (connection is not null)
                await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A connection that asks for server settings when it is opened, outside any pool.</summary>
    /// <param name="options">The settings, as in <c>-c name=value</c>; they follow those of the connection string.</param>
    /// <returns>The connection, not yet open; <see langword="null"/> over a lent data source, whose password is not known here.</returns>
    internal NpgsqlConnection? CreateConnection(string options) => _isOwned
        ? new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_settings.ConnectionString)
        {
            Options = $"{_settings.Options} {options}".TrimStart(),
            Pooling = false,
        }.ConnectionString)
        : null;

    /// <summary>Whether connections that read rows can speak the protocol themselves.</summary>
    /// <param name="options">How many of them there are to be, and what they may wait for.</param>
    internal WireEligibility JudgeWire(SnapshotOptions options)
    {
        if (AppContext.TryGetSwitch(WireEligibility.OffSwitch, out var isOff) && isOff)
            return WireEligibility.TurnedOff;
        if (!_isOwned)
            return WireEligibility.Lent;
        // They would not count in the pool, and the limit may be there for the server's sake.
        if (_settings.Pooling && _settings.MaxPoolSize <= options.Connections)
            return WireEligibility.Limited;

        return WireEligibility.Of(_settings, Environment.GetEnvironmentVariable, options);
    }

    /// <summary>Disposes what the source owns. A borrowed data source is left alone.</summary>
    /// <returns>A task that ends when the owned connections are closed.</returns>
    public async ValueTask DisposeAsync()
    {
        if (_isOwned && _dataSource.IsValueCreated)
            await _dataSource.Value.DisposeAsync().ConfigureAwait(false);
    }
}
