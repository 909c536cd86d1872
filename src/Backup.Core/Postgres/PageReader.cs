using Backup.Core.Errors;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Postgres;

/// <summary>Reads pages one after another as raw COPY text.</summary>
/// <remarks>
/// One caller at a time; the readers of a session work side by side. A table that another session wants exclusively is read
/// over the coordinator's connection, which holds the lock already: opening such a page waits until that connection is free.
/// After a fault the page must be closed; the reader may then open the next one as long as <see cref="IsUsable"/> holds.
/// Calls are awaited where they are made: behind a read the caller may be on the connection's own thread, where the next call blocks it.
/// </remarks>
internal sealed class PageReader : IAsyncDisposable
{
    private readonly Func<CancellationToken, Task<SnapshotConnection>> _rejoin;
    private readonly Coordinator _coordinator;
    private readonly ILogger _logger;
    private SnapshotConnection _own;
    private SnapshotConnection? _current;

    /// <summary>Creates the reader.</summary>
    /// <param name="own">Its connection, which may be the coordinator's.</param>
    /// <param name="rejoin">Gives another connection in place of a lost one.</param>
    /// <param name="coordinator">The connection that holds every lock.</param>
    /// <param name="logger">Told of tables that only the coordinator can read.</param>
    public PageReader(
        SnapshotConnection own, Func<CancellationToken, Task<SnapshotConnection>> rejoin, Coordinator coordinator, ILogger logger)
    {
        _own = own;
        _rejoin = rejoin;
        _coordinator = coordinator;
        _logger = logger;
    }

    /// <summary>Whether another page can be opened: the connection, and with it the snapshot, still stands.</summary>
    public bool IsUsable => _own.IsUsable && _coordinator.Connection.IsUsable;

    /// <summary>Whether the coordinator's connection stands, and with it the snapshot and every lock.</summary>
    public bool IsSnapshotHeld => _coordinator.Connection.IsUsable;

    /// <summary>Opens a lost connection anew, on the same snapshot; the last page must have been closed.</summary>
    /// <exception cref="DatabaseException">It cannot be had, or the snapshot is gone with it.</exception>
    public async Task ReopenAsync(CancellationToken cancellationToken)
    {
        if (!_own.IsUsable)
            _own = await _rejoin(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says which pages will be opened next, in that order, so that the server can be asked for all of them at once.</summary>
    /// <param name="pages">Pages of one table or of several. What is said again of pages that were asked for already changes nothing.</param>
    public void Announce(IReadOnlyList<TablePage> pages) => _own.Announce(pages);

    /// <summary>Starts reading a page; the last one must have been closed.</summary>
    /// <exception cref="DatabaseException">The server refused, or the connection is lost.</exception>
    public async Task OpenAsync(TablePage page, CancellationToken cancellationToken)
    {
        if (_current is not null)
            throw new InvalidOperationException("The last page was not closed.");

        if (_own != _coordinator.Connection)
        {
            _current = _own;
            if (await _own.TryOpenAsync(page, cancellationToken).ConfigureAwait(false))
                return;

            _current = null;
            PostgresLog.TableContended(_logger, page.Table.Name);
        }

        await _coordinator.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        _current = _coordinator.Connection;
        await _current.TryOpenAsync(page, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Fills the destination as far as the page goes.</summary>
    /// <returns>The bytes read; less than the destination's length, or 0, only at the page's end.</returns>
    /// <exception cref="DatabaseException">The server stopped, or the connection is lost.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken) =>
        (_current ?? throw new InvalidOperationException("No page is open.")).ReadAsync(destination, cancellationToken);

    /// <summary>Ends the page. One that was not read to its end is cancelled on the server, not drained.</summary>
    public async ValueTask CloseAsync()
    {
        if (_current is not { } connection)
            return;

        _current = null;
        try
        {
            await connection.CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            if (connection == _coordinator.Connection)
                _coordinator.Gate.Release();
        }
    }

    /// <summary>Closes the page that is open; the connection stays the session's.</summary>
    public ValueTask DisposeAsync() => CloseAsync();
}
