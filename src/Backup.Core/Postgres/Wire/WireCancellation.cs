using System.Net.Sockets;
using System.Security.Authentication;
using Backup.Core.Hosting;
using Npgsql;

namespace Backup.Core.Postgres.Wire;

/// <summary>Asks the server, over a connection of its own, to stop what a connection does.</summary>
/// <remarks>See <see href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS"/>.</remarks>
internal static class WireCancellation
{
    /// <summary>
    /// Sends the request and waits until the server closes its connection: it has passed the request on by then, so that none
    /// arrives late and stops the next statement. The server never says whether there was anything to stop, and a request
    /// that gets lost is no fault: whoever waits for its effect has a limit.
    /// </summary>
    public static async Task RequestAsync(WireTarget target, WireCancelKey key, CancellationToken cancellationToken)
    {
        if (key.ProcessId == 0)
            return;

        using var thread = new DedicatedThread("backup-core cancel");
        try
        {
            await thread.RunAsync(() => Request(target, key, cancellationToken)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or AuthenticationException
            or NpgsqlException or OperationCanceledException)
        {
        }
    }

    private static bool Request(WireTarget target, WireCancelKey key, CancellationToken cancellationToken)
    {
        using var link = WireLink.Connect(target, [key.EndPoint], cancellationToken);
        using var stop = cancellationToken.UnsafeRegister(static link => ((WireLink)link!).Close(), link);
        if (key.IsEncrypted)
            WireStartup.Encrypt(link, target, isRequired: true);
        link.Send(FrontendMessage.CancelRequest(key.ProcessId, key.SecretKey));
        return link.Stream.ReadByte() < 0;
    }
}
