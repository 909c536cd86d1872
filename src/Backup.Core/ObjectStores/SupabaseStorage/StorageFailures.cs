using System.Net.Sockets;
using Backup.Core.Errors;
using Polly.Timeout;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Puts failures that are no answer of the server into words.</summary>
internal static class StorageFailures
{
    /// <summary>The server could not be reached, or did not answer.</summary>
    public static ObjectStoreException Unreachable(ApiCall call, string host, TimeSpan attemptTimeout, Exception cause)
    {
        var (reason, hint) = Explain(cause, attemptTimeout);
        return new ObjectStoreException($"Cannot {call.Action}: no answer from {host} ({MessageText.OneLine(reason)}).", cause)
        {
            Error = ObjectStoreError.Unavailable,
            Subject = call.Subject,
            IsTransient = !StorageRetries.IsDefinite(cause),
            Hint = hint,
            Category = IsTimeOut(cause) ? ErrorCategory.TimeOut
                : cause is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } ? ErrorCategory.Authentication
                : ErrorCategory.Connection,
        };
    }

    /// <summary>A success whose body is not what was asked for.</summary>
    public static ObjectStoreException Unreadable(ApiCall call, Exception? cause = null) =>
        new($"Cannot {call.Action}: the answer is not what the Storage API sends.", cause)
        {
            Subject = call.Subject,
            Hint = StorageErrorReader.AddressHint,
        };

    private static (string Reason, string Hint) Explain(Exception cause, TimeSpan attemptTimeout) => cause switch
    {
        OperationCanceledException { InnerException: TimeoutException timeout } =>
            (timeout.Message, "The HttpClient limits whole transfers in time: give it none, this store has time-outs of its own."),
        TimeoutRejectedException or OperationCanceledException =>
            ($"nothing came within {attemptTimeout.TotalSeconds:0.#} s", "The server may be busy: try again later, or allow more time."),
        TimeoutException => (cause.Message, "The network or the server is too slow: try again later, with fewer transfers at once."),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            ("there is no host of that name", "Check the address for a slip of the pen, and that names can be looked up from here."),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            (Innermost(cause).Message, "The secure connection failed: check the server's certificate, and that it is https at all."),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } =>
            ("what answers there does not speak HTTP", StorageErrorReader.AddressHint),
        _ when Innermost(cause) is SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
            ("nothing listens there", "Check the address and its port, and that the server runs."),
        _ => (Innermost(cause).Message, "Check the address and the network."),
    };

    private static bool IsTimeOut(Exception cause) => cause is TimeoutException or TimeoutRejectedException or OperationCanceledException
        || Innermost(cause) is SocketException { SocketErrorCode: SocketError.TimedOut };

    private static Exception Innermost(Exception exception) =>
        exception.InnerException is { } inner ? Innermost(inner) : exception;
}
