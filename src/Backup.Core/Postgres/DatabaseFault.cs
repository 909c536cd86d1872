using System.Data;
using System.Net.Sockets;
using System.Security.Authentication;
using Backup.Core.Errors;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>Turns the driver's exceptions into <see cref="DatabaseException"/>s that say what failed, on what, and what to do.</summary>
/// <remarks>Only the server's primary message is passed on: its detail and context may hold rows.</remarks>
internal static class DatabaseFault
{
    /// <summary>Whether an exception comes from the driver, the server or the network, and so is to be wrapped.</summary>
    public static bool IsFromDriver(Exception exception) =>
        exception is NpgsqlException or SocketException or IOException or TimeoutException or AuthenticationException;

    /// <summary>
    /// Whether an exception is to be wrapped that a connection in use has thrown. One that broke while it was idle only says
    /// that it is not open, as if the caller had made a mistake.
    /// </summary>
    public static bool IsFrom(NpgsqlConnection connection, Exception exception) =>
        IsFromDriver(exception) || (exception is InvalidOperationException && !connection.FullState.HasFlag(ConnectionState.Open));

    /// <summary>The fault of opening a connection.</summary>
    /// <param name="exception">What the driver threw.</param>
    /// <param name="source">The source's description.</param>
    public static DatabaseException OnConnect(Exception exception, string source)
    {
        var (reason, hint, isTransient) = ConnectFault.Explain(exception);
        var message = $"Cannot connect to {source}: {reason}.";
        return exception is PostgresException server
            ? new DatabaseException(message, exception) { Subject = source, Hint = hint, IsTransient = isTransient, SqlState = server.SqlState }
            : new DatabaseException(message, exception) { Subject = source, Hint = hint, IsTransient = isTransient, Category = CategoryOf(exception) };
    }

    /// <summary>The fault of a connection that could not be opened in time.</summary>
    public static DatabaseException OnConnectTimeout(Exception exception, string source, TimeSpan limit) =>
        new($"Cannot connect to {source}: the server did not answer within {limit.TotalSeconds:0.###} s.", exception)
        {
            Subject = source,
            Category = ErrorCategory.TimeOut,
            IsTransient = true,
            Hint = "Check the host, the port and the firewalls in between, or allow more time (Timeouts.Connect).",
        };

    /// <summary>The kind of a fault that no server has told: what was lost, or was waited for in vain.</summary>
    public static ErrorCategory CategoryOf(Exception exception)
    {
        for (var fault = exception; fault is not null; fault = fault.InnerException)
        {
            switch (fault)
            {
                case TimeoutException or SocketException { SocketErrorCode: SocketError.TimedOut }:
                    return ErrorCategory.TimeOut;
                case AuthenticationException:
                    return ErrorCategory.Authentication;
                default:
                    break;
            }
        }

        return ErrorCategory.Connection;
    }

    /// <summary>The fault of a statement.</summary>
    /// <param name="exception">What the driver threw.</param>
    /// <param name="action">What was being done, as the start of a sentence: <c>Reading public.film</c>.</param>
    /// <param name="subject">The object that it was done to.</param>
    public static DatabaseException On(Exception exception, string action, string subject)
    {
        if (exception is not PostgresException server)
            return Lost(exception, action, subject);

        var (hint, isTransient) = Advice(server, subject);
        return new DatabaseException($"{action} failed: {Sentence(server.MessageText)} (SQLSTATE {server.SqlState}).", server)
        {
            Subject = subject,
            Hint = hint,
            IsTransient = isTransient,
            SqlState = server.SqlState,
        };
    }

    /// <summary>Whether the server cancelled a statement because it was asked to.</summary>
    public static bool IsCancellation(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled }
        or OperationCanceledException { InnerException: PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } };

    /// <summary>Whether a lock was not to be had in time.</summary>
    public static bool IsLockNotAvailable(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    /// <summary>The first sentence of a message without its full stop, so that it fits into another.</summary>
    public static string Sentence(string message) => message.ReplaceLineEndings(" ").TrimEnd('.', ' ');

    private static DatabaseException Lost(Exception exception, string action, string subject) => CategoryOf(exception) == ErrorCategory.TimeOut
        ? new DatabaseException($"{action} timed out: the server said nothing for too long ({Sentence(Innermost(exception).Message)}).", exception)
        {
            Subject = subject,
            Hint = "See whether the server and what lies in between still answer, or allow more time (Timeouts.Read).",
            IsTransient = true,
            Category = ErrorCategory.TimeOut,
        }
        : new DatabaseException($"{action} failed: the connection was lost ({Sentence(Innermost(exception).Message)}).", exception)
        {
            Subject = subject,
            Hint = "Run again; if it recurs, look at the server's log and at time limits of poolers and routers in between.",
            IsTransient = true,
            Category = CategoryOf(exception),
        };

    private static (string? Hint, bool IsTransient) Advice(PostgresException fault, string subject) => fault.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege when fault.MessageText.Contains("row-level security", StringComparison.Ordinal) =>
            (RowSecurityHint, false),
        PostgresErrorCodes.InsufficientPrivilege =>
            ($"GRANT SELECT on {subject} to the role, or make it a member of pg_read_all_data.", false),
        PostgresErrorCodes.OutOfMemory when fault.MessageText.Contains("shared memory", StringComparison.Ordinal) => (LockTableHint, false),
        PostgresErrorCodes.LockNotAvailable => ("Another session holds or awaits an exclusive lock; run again when it is done.", true),
        PostgresErrorCodes.SerializationFailure => ("The standby had to cancel the read; set hot_standby_feedback or raise max_standby_streaming_delay.", true),
        PostgresErrorCodes.QueryCanceled => ("The statement was cancelled on the server, by a person or by a time limit.", true),
        "25P03" or "25P04" or "57P05" => ("A time limit of the server ended the session; allow the role longer transactions.", true),
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow =>
            ("The server ended the connection; run again when it is up.", true),
        "XX001" or "XX002" => ("The server's files are damaged; look at its log before anything else.", false),
        _ when fault.SqlState.StartsWith("08", StringComparison.Ordinal) => ("The connection was lost; run again.", true),
        _ => (null, fault.IsTransient),
    };

    /// <summary>What to do when policies would hide rows from the role.</summary>
    public const string RowSecurityHint =
        "Row security would hide rows from a backup: use a role with BYPASSRLS, or the tables' owner where row security is not forced.";

    private const string LockTableHint =
        "The server's lock table is full; raise max_locks_per_transaction, or back up fewer tables at a time.";

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return exception;
    }
}
