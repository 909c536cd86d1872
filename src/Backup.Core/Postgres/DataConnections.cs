using System.Security.Authentication;
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
    private const string IsGssEncrypted =
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_gssapi WHERE pid = pg_catalog.pg_backend_pid() AND encrypted)";

    // Invalid authorization, wrong password.
    private const string AuthorizationClass = "28";

    private readonly PostgresSource _source;
    private readonly SnapshotOptions _options;
    private readonly ILogger _logger;
    private WireTarget? _target;

    /// <summary>Takes over the decision which way to go.</summary>
    /// <param name="source">The source.</param>
    /// <param name="options">How many connections read.</param>
    /// <param name="eligibility">The decision.</param>
    /// <param name="logger">Told the decision, and any change of it.</param>
    public DataConnections(PostgresSource source, SnapshotOptions options, WireEligibility eligibility, ILogger logger)
    {
        _source = source;
        _options = options;
        _logger = logger;
        _target = eligibility.Target;
        if (eligibility.Reason is { } reason)
            PostgresLog.ReadsOverNpgsql(logger, reason);

        // The coordinator's connection is always Npgsql's. It reads only where too few others do.
        MaxCount = _target is null ? options.Connections - 1 : options.Connections;
    }

    /// <summary>The connections to open, besides the coordinator's.</summary>
    public int MaxCount { get; }

    /// <summary>Decides which way to go.</summary>
    /// <param name="source">The source.</param>
    /// <param name="coordinator">A connection that Npgsql has opened to it.</param>
    /// <param name="options">How many connections read, and whether they may speak the protocol themselves.</param>
    /// <param name="logger">Told the decision, and any change of it.</param>
    /// <param name="cancellationToken">Ends the question to the server.</param>
    public static async Task<DataConnections> ChooseAsync(
        PostgresSource source, CatalogLink coordinator, SnapshotOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var eligibility = options.UsesWire ? source.JudgeWire(options) : WireEligibility.TurnedOff;
        if (eligibility.Target is { MayBeGssEncrypted: true }
            && await Sql.SingleAsync(coordinator, IsGssEncrypted, row => row.GetBoolean(0), cancellationToken).ConfigureAwait(false))
        {
            eligibility = WireEligibility.GssEncrypted;
        }

        return new DataConnections(source, options, eligibility, logger);
    }

    /// <summary>Whether the connections that are opened now speak the protocol themselves.</summary>
    public bool SpeakProtocol => Volatile.Read(ref _target) is not null;

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
            catch (TimeoutException e)
            {
                throw DatabaseFault.OnConnectTimeout(e, _source.Description, target.ConnectTimeout);
            }
            catch (Exception e) when (DatabaseFault.IsFromDriver(e))
            {
                throw DatabaseFault.OnConnect(e, _source.Description);
            }
        }

        var connection = await _source.OpenConnectionAsync(_options.ConnectTimeout, cancellationToken).ConfigureAwait(false);
        return new NpgsqlDataConnection(connection, number, _options.ReadTimeout);
    }

    // Npgsql has been let in already. So where it is this way that the server, the certificate or something in between does
    // not get on with, that one may: by GSSAPI, say. It makes its own checks, so nothing is accepted that it would not accept.
    private static bool IsLeftToNpgsql(Exception exception) => exception switch
    {
        PostgresException fault => fault.SqlState.StartsWith(AuthorizationClass, StringComparison.Ordinal),
        UncoveredAuthenticationException or ProtocolException or AuthenticationException => true,
        _ => false,
    };
}
