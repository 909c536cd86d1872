using Backup.Core.Errors;
using Backup.Core.Postgres.Wire;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>
/// Opens the connections that read: they speak the protocol themselves where that covers what the source asks for, and are
/// Npgsql's otherwise.
/// </summary>
/// <remarks>Several may be opened at the same time.</remarks>
internal sealed class DataConnections
{
    private readonly PostgresSource _source;
    private readonly ILogger _logger;
    private WireTarget? _target;

    /// <summary>Decides which way to go.</summary>
    /// <param name="source">The source.</param>
    /// <param name="options">How many connections read, and whether they may speak the protocol themselves.</param>
    /// <param name="logger">Told the decision, and any change of it.</param>
    public DataConnections(PostgresSource source, SnapshotOptions options, ILogger logger)
    {
        _source = source;
        _logger = logger;
        var eligibility = options.UsesWire ? source.JudgeWire(options.Connections) : WireEligibility.TurnedOff;
        _target = eligibility.Target;
        if (eligibility.Reason is { } reason)
            PostgresLog.ReadsOverNpgsql(logger, reason);

        // The coordinator's connection is always Npgsql's. It reads only where too few others do.
        MaxCount = _target is null ? options.Connections - 1 : options.Connections;
    }

    /// <summary>The connections to open, besides the coordinator's.</summary>
    public int MaxCount { get; }

    /// <summary>Opens a connection.</summary>
    /// <param name="number">From 1 to <see cref="MaxCount"/>, for the thread's name.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="DatabaseException">The server cannot be reached, or refuses the connection.</exception>
    public async Task<DataConnection> OpenAsync(int number, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _target) is { } target)
        {
            try
            {
                return await WireConnection.OpenAsync(target, number, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (IsLeftToNpgsql(e))
            {
                if (Interlocked.Exchange(ref _target, null) is not null)
                    PostgresLog.ReadsOverNpgsql(_logger, e.Message);
            }
            catch (Exception e) when (DatabaseFault.IsFromDriver(e))
            {
                throw DatabaseFault.OnConnect(e, _source.Description);
            }
        }

        var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        return new NpgsqlDataConnection(connection, number);
    }

    // Npgsql has been let in already, so where pg_hba.conf refuses this way it may still accept that one: by GSSAPI, say.
    private static bool IsLeftToNpgsql(Exception exception) =>
        exception is UncoveredAuthenticationException or PostgresException { SqlState: PostgresErrorCodes.InvalidAuthorizationSpecification };
}
