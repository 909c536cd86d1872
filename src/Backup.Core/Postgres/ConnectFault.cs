using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>Says in words why a connection could not be opened.</summary>
internal static class ConnectFault
{
    /// <summary>The reason without a full stop, what to do about it, and whether waiting may be enough.</summary>
    public static (string Reason, string? Hint, bool IsTransient) Explain(Exception exception)
    {
        for (var fault = exception; fault is not null; fault = fault.InnerException)
        {
            switch (fault)
            {
                case PostgresException server:
                    return FromServer(server);
                case SocketException socket:
                    return FromSocket(socket);
                case AuthenticationException:
                    return ("the TLS handshake failed: " + DatabaseFault.Sentence(fault.Message),
                        "Check the certificate settings: SSL Mode (sslmode) and Root Certificate (sslrootcert).", false);
            }
        }

        return FromDriver(exception);
    }

    private static (string Reason, string? Hint, bool IsTransient) FromServer(PostgresException fault)
    {
        var message = DatabaseFault.Sentence(fault.MessageText);
        return fault.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword =>
                (message, "Check the user and the password.", false),
            PostgresErrorCodes.InvalidAuthorizationSpecification =>
                (message, "Check the user, and that pg_hba.conf lets it connect from this machine, with or without TLS.", false),
            PostgresErrorCodes.InvalidCatalogName =>
                (message, "Check the database's name.", false),
            PostgresErrorCodes.TooManyConnections =>
                (message, "Run with fewer connections, or free some on the server.", true),
            PostgresErrorCodes.CannotConnectNow =>
                (message, "The server is starting up or shutting down; run again in a moment.", true),
            PostgresErrorCodes.InsufficientPrivilege =>
                (message, "GRANT CONNECT on the database to the role.", false),
            _ when message.Contains("MaxClientsInSessionMode", StringComparison.Ordinal)
                || message.Contains("max clients reached", StringComparison.OrdinalIgnoreCase)
                || message.Contains("no more connections allowed", StringComparison.OrdinalIgnoreCase) =>
                (message, "The pooler has no free place: run with fewer connections, raise its pool size, or connect to the server directly.", true),
            _ when message.Contains("Tenant or user not found", StringComparison.Ordinal) =>
                (message, "A Supabase pooler wants the user as postgres.<project ref> and the host of the project's own region.", false),
            _ => ($"{message} (SQLSTATE {fault.SqlState})", null, fault.IsTransient),
        };
    }

    private static (string Reason, string? Hint, bool IsTransient) FromSocket(SocketException fault) => fault.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.NoRecovery =>
            ("the host's name is not known", "Check the host.", false),
        SocketError.TryAgain =>
            ("the host's name could not be resolved just now", "Check the host and this machine's DNS.", true),
        SocketError.ConnectionRefused =>
            ("nothing listens on that host and port", "Check the port, and that the server runs and listens on that address.", true),
        SocketError.TimedOut =>
            ("the host did not answer in time", "Check the host, the port and the firewalls in between.", true),
        SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.AddressNotAvailable =>
            ("the host cannot be reached from this network", "A host with only an IPv6 address needs IPv6 here, or its pooler's IPv4 address.", true),
        _ => (DatabaseFault.Sentence(fault.Message), "Run again; if it recurs, check what lies between here and the server.", true),
    };

    private static (string Reason, string? Hint, bool IsTransient) FromDriver(Exception fault)
    {
        var message = DatabaseFault.Sentence(fault.Message);
        if (message.Contains("SSL", StringComparison.Ordinal))
            return (message, "Turn TLS on at the server, or ask for none: SSL Mode=Disable (sslmode=disable).", false);
        if (message.Contains("password", StringComparison.OrdinalIgnoreCase))
            return ("the server asks for a password and none is given", "Give the password in the connection string or in a passfile.", false);
        if (message.Contains("pool", StringComparison.OrdinalIgnoreCase))
            return ("the connection pool has no free connection", "Raise the data source's Maximum Pool Size, or run with fewer connections.", true);
        if (fault is TimeoutException || fault.InnerException is TimeoutException)
            return ("the server did not answer in time", "Check the host, the port and the firewalls in between.", true);

        return (message, "Check that a PostgreSQL server answers on that host and port.", true);
    }
}
