using System.Net;
using System.Net.Sockets;
using Backup.Core.Hosting;
using Npgsql;

namespace Backup.Core.Postgres.Wire;

/// <summary>A data connection that speaks the protocol itself, on one thread of its own.</summary>
/// <remarks>
/// One caller at a time. Everything that touches the socket blocks that thread and nobody else, but for a caller who is on it: who reads
/// goes on there. Cancelling asks the server to stop; a server, or a network, that does not end the call in time has its socket
/// closed. So every call ends, and when it has ended nothing of it is left: no thread, no socket, nobody who writes to the caller's memory.
/// </remarks>
internal sealed class WireConnection : DataConnection
{
    // What the server and the network may still hold when the server has stopped: more means that it has not.
    private const int DrainLimitBytes = 16 * 1024 * 1024;
    private const int ScratchBytes = 64 * 1024;

    private readonly WireTarget _target;
    private readonly WireSession _session;
    private readonly DedicatedThread _thread;

    private bool _isDisposed;

    // Whether the last COPY gave all its rows; one that the server refused has none to give.
    private bool _isAtEnd = true;

    private WireConnection(WireTarget target, WireSession session, DedicatedThread thread)
    {
        _target = target;
        _session = session;
        _thread = thread;
        session.SilenceLimit = target.Limits.Silence;
    }

    /// <inheritdoc/>
    public override bool IsOpen => _session.IsOpen;

    /// <summary>Connects and authenticates.</summary>
    /// <param name="target">The server.</param>
    /// <param name="number">The reader's number, for the thread's name.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="PostgresException">The server refuses.</exception>
    /// <exception cref="UncoveredAuthenticationException">The server asks for something else than a password.</exception>
    /// <exception cref="TimeoutException">It took longer than the target allows.</exception>
    public static async Task<WireConnection> OpenAsync(WireTarget target, int number, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(target.ConnectTimeout);
        var thread = new DedicatedThread($"backup-core reader {number}");
        try
        {
            var endPoints = await ResolveAsync(target, limit.Token).ConfigureAwait(false);
            var session = await thread.RunAsync(() => WireStartup.Open(target, endPoints, limit.Token)).ConfigureAwait(false);
            return new WireConnection(target, session, thread);
        }
        catch (Exception e)
        {
            thread.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (limit.IsCancellationRequested)
                throw new TimeoutException("The server did not answer in time.", e);
            throw;
        }
    }

    /// <inheritdoc/>
    public override bool IsFault(Exception exception) => DatabaseFault.IsFromDriver(exception);

    /// <inheritdoc/>
    public override Task ExecuteAsync(string statements, CancellationToken cancellationToken) =>
        RunAsync(() => _session.Execute(statements), cancellationToken);

    /// <inheritdoc/>
    public override Task<string[]> QueryRowAsync(string query, CancellationToken cancellationToken) =>
        RunAsync(() => _session.QueryRow(query), cancellationToken);

    /// <inheritdoc/>
    public override async Task CleanUpAsync(string statements)
    {
        using var limit = new CancellationTokenSource(_target.Limits.CleanUp);
        using var stop = limit.Token.UnsafeRegister(static session => ((WireSession)session!).Close(), _session);
        await ExecuteAsync(statements, CancellationToken.None).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override bool SendsManyCopies => true;

    /// <inheritdoc/>
    public override Task OpenCopiesAsync(string setUp, IReadOnlyList<string> copies, CancellationToken cancellationToken)
    {
        // One message: the server goes on from one statement to the next without being asked, and runs none after a fault.
        var statements = string.Join(';', copies.Prepend(setUp));
        return OpenAsync(() => _session.OpenCopies(statements, copies.Count), staysHere: _thread.IsCurrent, cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task OpenNextCopyAsync(CancellationToken cancellationToken)
    {
        if (_session.IsNextCopyReceived && !cancellationToken.IsCancellationRequested)
        {
            _session.OpenNextCopy();
            _isAtEnd = false;
            return;
        }

        await OpenAsync(_session.OpenNextCopy, staysHere: true, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadCopyAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (_isAtEnd)
            return 0;

        // What has come already is copied wherever the caller is: for the few rows of a small table no other thread need be woken.
        cancellationToken.ThrowIfCancellationRequested();
        var count = !_thread.IsCurrent && _session.IsCopyReceived
            ? _session.ReadCopy(destination.Span, cancellationToken)
            : await RunHereAsync(() => _session.ReadCopy(destination.Span, cancellationToken), cancellationToken).ConfigureAwait(false);
        _isAtEnd = !_session.IsCopying;
        return count;
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> CloseCopyAsync()
    {
        if (_session is { IsOpen: true, IsCopying: true })
            await AbandonAsync().ConfigureAwait(false);
        var isWhole = _isAtEnd;
        _isAtEnd = true;
        return isWhole;
    }

    /// <inheritdoc/>
    public override async ValueTask GiveUpCopiesAsync()
    {
        if (_session is { IsOpen: true, HasCopiesToCome: true })
            await AbandonAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        using var limit = new CancellationTokenSource(_target.Limits.CleanUp);
        using (limit.Token.UnsafeRegister(static session => ((WireSession)session!).Close(), _session))
            await _thread.RunAsync(End).ConfigureAwait(false);
        _thread.Dispose();
    }

    private static async Task<EndPoint[]> ResolveAsync(WireTarget target, CancellationToken cancellationToken)
    {
        if (target.UnixSocketPath is { } path)
            return [new UnixDomainSocketEndPoint(path)];

        var addresses = await Dns.GetHostAddressesAsync(target.Host, cancellationToken).ConfigureAwait(false);
        return addresses.Length > 0
            ? [.. addresses.Select(address => new IPEndPoint(address, target.Port))]
            : throw new SocketException((int)SocketError.HostNotFound);
    }

    private async Task OpenAsync(Action exchange, bool staysHere, CancellationToken cancellationToken)
    {
        try
        {
            if (staysHere)
                await RunHereAsync(() => Run(exchange), cancellationToken).ConfigureAwait(false);
            else
                await RunAsync(exchange, cancellationToken).ConfigureAwait(false);
            _isAtEnd = false;
        }
        catch (OperationCanceledException)
        {
            // It may have been opened all the same.
            await CloseCopyAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static bool Run(Action exchange)
    {
        exchange();
        return true;
    }

    private Task<bool> RunAsync(Action exchange, CancellationToken cancellationToken) => RunAsync(() => Run(exchange), cancellationToken);

    // The caller goes on elsewhere.
    private async Task<T> RunAsync<T>(Func<T> exchange, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        T result;
        var stop = new WireStop(_target, _session, cancellationToken);
        await using (stop.ConfigureAwait(false))
            result = await _thread.RunAsync(exchange).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    // The caller goes on on the connection's thread: of pages that follow one another none costs a change of thread, as long as the
    // caller need not wait for anything but their rows.
    private async ValueTask<T> RunHereAsync<T>(Func<T> exchange, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _thread.EnterAsync();
        T result;
        var stop = new WireStop(_target, _session, cancellationToken);
        await using (stop.ConfigureAwait(false))
            result = exchange();
        cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    private async Task AbandonAsync()
    {
        using var limit = new CancellationTokenSource(_target.Limits.Stop);
        await WireCancellation.RequestAsync(_target, _session.CancelKey, limit.Token).ConfigureAwait(false);

        // From here on it is told, or nobody can tell it: rows that trickle in are no reason to wait any longer than silence is.
        using var drainLimit = new CancellationTokenSource(_target.Limits.Stop);
        using var close = drainLimit.Token.UnsafeRegister(static session => ((WireSession)session!).Close(), _session);
        await _thread.RunAsync(() =>
        {
            try
            {
                if (!_session.Drain(new byte[ScratchBytes], DrainLimitBytes))
                    _session.Close();
            }
            catch (Exception e) when (DatabaseFault.IsFromDriver(e) || e is ObjectDisposedException)
            {
                // The connection is lost, which is an end as well.
                _session.Close();
            }

            return true;
        }).ConfigureAwait(false);
    }

    private bool End()
    {
        try
        {
            if (_session.IsOpen)
                _session.Terminate();
        }
        catch (Exception e) when (DatabaseFault.IsFromDriver(e) || e is ObjectDisposedException)
        {
            // The server learns it from the socket.
        }
        finally
        {
            _session.Dispose();
        }

        return true;
    }
}
