namespace Backup.Core.Postgres;

/// <summary>One connection that reads rows: statements that set up, and COPY TO STDOUT, one open at a time.</summary>
/// <remarks>
/// One caller at a time. Faults are the driver's exceptions, of whichever way; the caller tells them by <see cref="IsFault"/>
/// and wraps them by <see cref="DatabaseFault"/>. A cancelled call has asked the server to stop, and has ended when it returns.
/// Calls are awaited where they are made: behind a read the caller may be on the connection's own thread, where the next call blocks it.
/// </remarks>
internal abstract class DataConnection : IAsyncDisposable
{
    /// <summary>Whether the connection still stands; once it is lost, so is its transaction.</summary>
    public abstract bool IsOpen { get; }

    /// <summary>Whether an exception comes from the server or the network, or says that the connection is lost.</summary>
    public abstract bool IsFault(Exception exception);

    /// <summary>Runs statements that return nothing; several may be joined by semicolons.</summary>
    public abstract Task ExecuteAsync(string statements, CancellationToken cancellationToken);

    /// <summary>Runs a query of one row whose values are text and not null.</summary>
    public abstract Task<string[]> QueryRowAsync(string query, CancellationToken cancellationToken);

    /// <summary>Runs statements that clean up: not to be cancelled, and given up after a few seconds.</summary>
    public abstract Task CleanUpAsync(string statements);

    /// <summary>Whether several COPYs can be sent at once.</summary>
    public abstract bool SendsManyCopies { get; }

    /// <summary>
    /// Runs statements that return nothing, sends one or, where <see cref="SendsManyCopies"/>, several COPY TO STDOUT and opens the
    /// first of them. The last one must have been closed.
    /// </summary>
    public abstract Task OpenCopiesAsync(string setUp, IReadOnlyList<string> copies, CancellationToken cancellationToken);

    /// <summary>Opens the next of the COPYs that were sent; the last one must have been read to its end and closed.</summary>
    public abstract Task OpenNextCopyAsync(CancellationToken cancellationToken);

    /// <summary>Fills the destination as far as the rows go; less than its length, or 0, only at the end.</summary>
    public abstract ValueTask<int> ReadCopyAsync(Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>
    /// Ends the COPY, if there is one; rows that were not read are given up, never drained beyond what is under way, and then
    /// the transaction must be rolled back to a savepoint.
    /// </summary>
    /// <returns>Whether every row had been read; if not, none of the COPYs that were sent with it can be opened any more.</returns>
    public abstract ValueTask<bool> CloseCopyAsync();

    /// <summary>Gives up the COPYs that were sent and not opened; then the transaction must be rolled back to a savepoint.</summary>
    public abstract ValueTask GiveUpCopiesAsync();

    /// <summary>Closes the connection; one that is lost is closed without a fault.</summary>
    public abstract ValueTask DisposeAsync();
}
