using System.Diagnostics;
using Backup.Core.Hosting;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>Reads one COPY TO STDOUT after another as raw bytes, on one connection and one thread of its own.</summary>
/// <remarks>
/// One caller at a time. Opening and closing are asynchronous, the bytes are read synchronously on the dedicated thread.
/// Cancelling asks the server to stop the statement. What was left unread is never drained beyond what is under way.
/// </remarks>
internal sealed class CopyReader : IDisposable
{
    // What the server and the network may still hold when the server has stopped: more means that it has not.
    private const int DrainLimitBytes = 16 * 1024 * 1024;
    private const int ScratchBytes = 64 * 1024;
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(3);

    // A server that works on a page sends something every few seconds; one that says nothing for so long is gone, even
    // when something in between still answers TCP's keepalives.
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromMinutes(10);

    private readonly NpgsqlConnection _connection;
    private readonly DedicatedThread _thread;
    private NpgsqlCopyTextReader? _copy;
    private bool _isAtEnd;

    /// <summary>Creates the reader over a connection that stays the caller's.</summary>
    public CopyReader(NpgsqlConnection connection, string name)
    {
        _connection = connection;
        _thread = new DedicatedThread(name);
    }

    /// <summary>Sends a COPY TO STDOUT.</summary>
    public async Task OpenAsync(string statement, CancellationToken cancellationToken)
    {
        Debug.Assert(_copy is null, "The last COPY was not closed.");
        _isAtEnd = false;
        _copy = (NpgsqlCopyTextReader)await _connection.BeginTextExportAsync(statement, cancellationToken).ConfigureAwait(false);
        _copy.Timeout = (int)SilenceLimit.TotalMilliseconds;
    }

    /// <summary>Fills the destination as far as the rows go; less than its length, or 0, only at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var copy = _copy ?? throw new InvalidOperationException("No COPY is open.");
        if (_isAtEnd)
            return 0;

        var request = Task.CompletedTask;
        int count;
        var registration = cancellationToken.UnsafeRegister(_ => request = RequestCancelAsync(copy), state: null);
        try
        {
            count = await _thread.RunAsync(() => Fill(copy.BaseStream, destination.Span, cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            await registration.DisposeAsync().ConfigureAwait(false);
            // A request that arrives late would cancel the connection's next statement.
            await request.ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return count;
    }

    /// <summary>Ends the COPY; rows that were not read are given up, and then the transaction must be rolled back to a savepoint.</summary>
    /// <returns>Whether every row had been read.</returns>
    public async ValueTask<bool> CloseAsync()
    {
        if (_copy is not { } copy)
            return true;

        _copy = null;
        if (!_isAtEnd)
            await AbandonAsync(copy).ConfigureAwait(false);

        await _thread.RunAsync(() =>
        {
            copy.Dispose();
            return true;
        }).ConfigureAwait(false);
        return _isAtEnd;
    }

    public void Dispose() => _thread.Dispose();

    private int Fill(Stream stream, Span<byte> destination, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (filled < destination.Length && !cancellationToken.IsCancellationRequested)
        {
            var count = stream.Read(destination[filled..]);
            if (count == 0)
            {
                _isAtEnd = true;
                break;
            }

            filled += count;
        }

        return filled;
    }

    private async Task AbandonAsync(NpgsqlCopyTextReader copy)
    {
        await RequestCancelAsync(copy).ConfigureAwait(false);
        var isStopped = await _thread.RunAsync(() => Drain(copy.BaseStream)).ConfigureAwait(false);
        if (!isStopped)
            await BreakAsync(copy.BaseStream).ConfigureAwait(false);
    }

    // The driver opens a second connection for the request and waits for it, so it is kept off the caller's thread.
    private static Task RequestCancelAsync(NpgsqlCopyTextReader copy) => Task.Run(() =>
    {
        try
        {
            copy.Cancel();
        }
        catch (Exception e) when (e is ObjectDisposedException or NullReferenceException or NpgsqlException)
        {
            // The COPY has ended in the meantime, or its connection has: there is nothing left to cancel.
        }
    });

    /// <summary>Reads away what was under way when the server stopped.</summary>
    /// <returns>Whether the COPY has ended, in whatever way.</returns>
    private static bool Drain(Stream stream)
    {
        var scratch = new byte[ScratchBytes];
        var started = Stopwatch.GetTimestamp();
        try
        {
            for (long drained = 0; drained < DrainLimitBytes && Stopwatch.GetElapsedTime(started) < DrainLimit;)
            {
                var count = stream.Read(scratch);
                if (count == 0)
                    return true;

                drained += count;
            }

            return false;
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException || DatabaseFault.IsFromDriver(e))
        {
            return true;
        }
    }

    /// <summary>Cuts the connection of a server, or a pooler, that does not heed the request to stop.</summary>
    private async Task BreakAsync(Stream stream)
    {
        var scratch = new byte[ScratchBytes];
        try
        {
            // A token that fires while the driver waits for bytes makes it close the socket. One that fires between two
            // reads does nothing, so a new one is tried until it hits.
            while (_connection.FullState.HasFlag(System.Data.ConnectionState.Open))
            {
                using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
                try
                {
                    while (await stream.ReadAsync(scratch, soon.Token).ConfigureAwait(false) > 0)
                    {
                    }

                    return;
                }
                catch (OperationCanceledException)
                {
                }
            }
        }
        catch (Exception e) when (e is ObjectDisposedException || DatabaseFault.IsFromDriver(e))
        {
            // Cut, as intended.
        }
    }
}
