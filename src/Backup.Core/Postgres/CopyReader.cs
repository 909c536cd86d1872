using System.Diagnostics;
using Backup.Core.Hosting;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>Reads one COPY TO STDOUT after another as raw bytes, on one connection and one thread of its own.</summary>
/// <remarks>
/// One caller at a time. Opening and closing are asynchronous, the bytes are read synchronously on the dedicated thread.
/// Cancelling asks the server to stop the statement. What was left unread is never drained beyond what is under way.
/// Nothing ends a synchronous read of the driver but bytes and time. Where neither the request nor the read ends, the
/// connection is given up: the caller goes on, and the connection is disposed when the driver's time limit has ended the read.
/// </remarks>
internal sealed class CopyReader : IDisposable
{
    // What the server and the network may still hold when the server has stopped: more means that it has not.
    private const int DrainLimitBytes = 16 * 1024 * 1024;
    private const int ScratchBytes = 64 * 1024;
    private const int ReceiveBytes = 16 * 1024;
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(3);

    // From the request to stop until nobody waits any longer for it, or for the read that it is to end.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);

    private readonly NpgsqlConnection _connection;
    private readonly TimeSpan _silence;
    private readonly DedicatedThread _thread;
    private readonly Lock _handover = new();

    // Bytes pass through here because a read that was given up must not write to what is the caller's again.
    private readonly byte[] _received = new byte[ReceiveBytes];
    private NpgsqlCopyTextReader? _copy;
    private bool _isAtEnd;

    /// <summary>Creates the reader over a connection that stays the caller's.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="name">The thread's name.</param>
    /// <param name="silence">How long the server may say nothing amid rows.</param>
    public CopyReader(NpgsqlConnection connection, string name, TimeSpan silence)
    {
        _connection = connection;
        _silence = silence;
        _thread = new DedicatedThread(name);
    }

    /// <summary>Whether the connection was given up; it is disposed by this object then and not to be touched.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>Sends a COPY TO STDOUT.</summary>
    public async Task OpenAsync(string statement, CancellationToken cancellationToken)
    {
        Debug.Assert(_copy is null, "The last COPY was not closed.");
        _isAtEnd = false;
        _copy = (NpgsqlCopyTextReader)await _connection.BeginTextExportAsync(statement, cancellationToken).ConfigureAwait(false);
        _copy.Timeout = (int)_silence.TotalMilliseconds;
    }

    /// <summary>Fills the destination as far as the rows go; less than its length, or 0, only at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var copy = _copy ?? throw new InvalidOperationException("No COPY is open.");
        if (_isAtEnd)
            return 0;

        var fill = _thread.RunAsync(() => Fill(copy.BaseStream, destination, cancellationToken));
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var registration = cancellationToken.UnsafeRegister(_ => cancelled.TrySetResult(), state: null);
        await using (registration.ConfigureAwait(false))
        {
            if (await Task.WhenAny(fill, cancelled.Task).ConfigureAwait(false) != fill)
            {
                // The request is awaited too: one that arrives late would cancel the connection's next statement.
                var request = RequestCancelAsync(copy);
                if (!await EndInTimeAsync(request, fill).ConfigureAwait(false))
                    GiveUp(copy, request, fill);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        var count = await fill.ConfigureAwait(false);
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
        if (IsGivenUp)
            return false;

        await _thread.RunAsync(() =>
        {
            copy.Dispose();
            return true;
        }).ConfigureAwait(false);
        return _isAtEnd;
    }

    public void Dispose() => _thread.Dispose();

    private int Fill(Stream stream, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (filled < destination.Length && !cancellationToken.IsCancellationRequested)
        {
            var count = stream.Read(_received.AsSpan(0, Math.Min(_received.Length, destination.Length - filled)));
            lock (_handover)
            {
                if (IsGivenUp)
                    break;

                _received.AsSpan(0, count).CopyTo(destination.Span[filled..]);
                _isAtEnd = count == 0;
            }

            if (count == 0)
                break;
            filled += count;
        }

        return filled;
    }

    private async Task AbandonAsync(NpgsqlCopyTextReader copy)
    {
        var request = RequestCancelAsync(copy);
        if (!await EndInTimeAsync(request).ConfigureAwait(false))
        {
            GiveUp(copy, request);
            return;
        }

        var isStopped = await _thread.RunAsync(() => Drain(copy)).ConfigureAwait(false);
        if (!isStopped)
            await BreakAsync(copy.BaseStream).ConfigureAwait(false);
    }

    private static async Task<bool> EndInTimeAsync(params Task[] tasks)
    {
        var all = SettleAsync(tasks);
        using var limit = new CancellationTokenSource();
        var isInTime = await Task.WhenAny(all, Task.Delay(StopLimit, limit.Token)).ConfigureAwait(false) == all;
        await limit.CancelAsync().ConfigureAwait(false);
        return isInTime;
    }

    private static async Task SettleAsync(Task[] tasks) =>
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void GiveUp(NpgsqlCopyTextReader copy, params Task[] pending)
    {
        lock (_handover)
            IsGivenUp = true;

        _copy = null;
        LateDisposal.After(SettleAsync(pending), async () =>
        {
            await BreakAsync(copy.BaseStream).ConfigureAwait(false);
            copy.Dispose();
            await _connection.DisposeAsync().ConfigureAwait(false);
        });
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
    private static bool Drain(NpgsqlCopyTextReader copy)
    {
        var stream = copy.BaseStream;
        var scratch = new byte[ScratchBytes];
        var started = Stopwatch.GetTimestamp();
        try
        {
            // The driver cuts a connection that is silent for longer, as one is whose network is gone.
            copy.Timeout = (int)DrainLimit.TotalMilliseconds;
            for (long drained = 0; drained < DrainLimitBytes && Stopwatch.GetElapsedTime(started) < DrainLimit;)
            {
                var count = stream.Read(scratch);
                if (count == 0)
                    return true;

                drained += count;
            }

            return false;
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or NullReferenceException || DatabaseFault.IsFromDriver(e))
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
